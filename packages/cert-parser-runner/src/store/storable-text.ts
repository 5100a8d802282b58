/**
 * Text and times on their way to the database: what a certificate may hold and PostgreSQL cannot.
 *
 * @module
 */

/**
 * Text that a `text` column can hold: NUL is written as RFC 4514 writes it, and half a surrogate pair is replaced.
 * One certificate with such a name must not stop a run.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\\00");
}

/** The same for a value that may be absent. */
export function storableOptionalText(text: string | null): string | null {
  return text === null ? null : storableText(text);
}

/** JSON that a `jsonb` column can hold. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "string" ? storableText(member) : member,
  );
}

/** A time as a `timestamptz` literal. ASN.1 can write a year 0, which PostgreSQL knows as 1 BC. */
export function timestamptz(time: string): string {
  return time.startsWith("0000") ? `0001${time.slice(4)} BC` : time;
}

/** The same for a value that may be absent. */
export function optionalTimestamptz(time: string | null): string | null {
  return time === null ? null : timestamptz(time);
}

/** An instant as a `timestamptz` literal. */
export function instant(date: Date): string {
  return date.toISOString();
}

/** The same for a value that may be absent. */
export function optionalInstant(date: Date | null | undefined): string | null {
  return date ? date.toISOString() : null;
}
