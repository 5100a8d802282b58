/**
 * A document as JSON text.
 *
 * @module
 */

/** Indented, with a line feed at its end. */
export function documentText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
