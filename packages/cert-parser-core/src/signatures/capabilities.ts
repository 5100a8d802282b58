/**
 * What a runtime can do, tried once for each operation.
 *
 * @module
 */

/** Tells whether a runtime passes the test of this name; runs it only when the name is new. */
export type Capabilities = (name: string, passes: () => boolean) => boolean;

/** Begins with no operation tried. A test that throws is not passed. */
export function createCapabilities(): Capabilities {
  const tried = new Map<string, boolean>();
  return (name, passes) => {
    const known = tried.get(name);
    if (known !== undefined) return known;
    const answer = attempt(passes);
    tried.set(name, answer);
    return answer;
  };
}

function attempt(passes: () => boolean): boolean {
  try {
    return passes();
  } catch {
    return false;
  }
}
