/**
 * Instants as records have them.
 *
 * @module
 */

/** `YYYY-MM-DDTHH:MM:SSZ`, and fractions of a second only where there are any. */
export function instantText(instant: Date): string {
  return instant.toISOString().replace(".000Z", "Z");
}
