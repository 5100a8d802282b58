/**
 * Text from outside on the way to a terminal.
 *
 * @module
 */

/** Spells out control characters: a name in a certificate must not be able to steer a terminal or to begin a line. */
export function printable(text: string): string {
  return text.replace(controls, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

// C0, DEL and C1, the line separators, and the marks that turn the direction of writing.
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
