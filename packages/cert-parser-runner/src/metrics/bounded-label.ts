/**
 * Keeps a label from having more values than Prometheus can bear.
 *
 * @module
 */

/** The value of whatever is beyond the bound. */
export const otherValue = "other";

/** Gives values as they are until there are `maxValues` of them; every further one is {@link otherValue}. */
export function createBoundedLabel(maxValues: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    const short = shorten(value);
    if (known.has(short)) return short;
    if (known.size >= maxValues) return otherValue;
    known.add(short);
    return short;
  };
}

/** Codes, names of sources and countries are far shorter; some of them come from outside. */
function shorten(value: string): string {
  return value.length <= maxLength ? value : `${value.slice(0, maxLength - 1)}…`;
}

const maxLength = 64;
