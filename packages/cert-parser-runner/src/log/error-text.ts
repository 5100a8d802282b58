/**
 * Errors as text, since JSON knows none and people read no objects.
 *
 * @module
 */

/** One error as `Name CODE: message`, without its stack and its cause. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : `thrown: ${String(error)}`;
  const code = (error as { code?: unknown }).code;
  const name = typeof code === "string" ? `${error.name} ${code}` : error.name;
  return `${name}: ${error.message}`;
}

/** What led to what, outermost first; one text for each error. Ends at a repeated error, or at ten. */
export function causeChain(error: unknown): readonly string[] {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  for (
    let at = error;
    at !== undefined && at !== null && !seen.has(at) && texts.length < 10;
    at = causeOf(at)
  ) {
    seen.add(at);
    texts.push(errorText(at));
  }
  return texts;
}

function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  // Node gathers the attempts on several addresses of one host in an AggregateError with an empty message.
  if (error instanceof AggregateError && error.cause === undefined) return error.errors[0];
  return error.cause;
}
