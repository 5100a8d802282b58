/**
 * Whether a stream is a terminal, and whether it wants colours.
 *
 * @module
 */

/** As much of a stream as is asked. */
export interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
}

/** True for a terminal that wants colours: NO_COLOR (any text) and `TERM=dumb` say no. */
export function wantsColour(
  stream: MaybeTerminal,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const refused = (environment.NO_COLOR ?? "") !== "" || environment.TERM === "dumb";
  return stream.isTTY === true && !refused;
}
