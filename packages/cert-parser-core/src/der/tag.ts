/**
 * Identifier octets of the ASN.1 types that X.509 and CMS use, X.690 section 8.1.2.
 *
 * @module
 */

/** Identifier octets, constructed bit included where the type is always constructed. */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  ENUMERATED: 0x0a,
  UTF8_STRING: 0x0c,
  NUMERIC_STRING: 0x12,
  PRINTABLE_STRING: 0x13,
  T61_STRING: 0x14,
  IA5_STRING: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  VISIBLE_STRING: 0x1a,
  UNIVERSAL_STRING: 0x1c,
  BMP_STRING: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
  /** `[0]` to `[3]`, constructed. */
  CONTEXT_0: 0xa0,
  CONTEXT_1: 0xa1,
  CONTEXT_2: 0xa2,
  CONTEXT_3: 0xa3,
  /** `[0]` to `[2]`, primitive. */
  CONTEXT_0_PRIMITIVE: 0x80,
  CONTEXT_1_PRIMITIVE: 0x81,
  CONTEXT_2_PRIMITIVE: 0x82,
} as const;

/** Names a tag in error messages, as the standards do. */
export function nameTag(tag: number | undefined): string {
  if (tag === undefined) return "nothing";
  return tagNames.get(tag) ?? `tag 0x${tag.toString(16).padStart(2, "0")}`;
}

const tagNames: ReadonlyMap<number, string> = new Map(
  Object.entries(Tag).map(([name, tag]) => [
    tag,
    tag >= 0x80 ? `[${tag & 0x1f}]` : name.replaceAll("_", " "),
  ]),
);
