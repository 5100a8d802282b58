/**
 * The plain record of the attributes of a name.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { nameTag } from "../der/tag.ts";
import { attributeDescriptors } from "../x509/attribute-types.ts";
import type { Name } from "../x509/name.ts";

/** One attribute of a name as plain data. */
export interface NameAttributeRecord {
  /** Dotted OID. */
  readonly type: string;
  /** Short name, such as `CN`; null for types that have none here. */
  readonly name: string | null;
  /** The text; null where the value is no string, or not in the character set that its type promises. */
  readonly value: string | null;
  /** The type of the string, such as `UTF8 STRING`. */
  readonly stringType: string;
  /** The value with its tag and length, lower-case hex. */
  readonly der: string;
}

/** Makes the records of a name: its levels, in the order of the encoding, each of one attribute or more. */
export function toNameAttributeRecords(name: Name): readonly (readonly NameAttributeRecord[])[] {
  return name.rdns.map((rdn) =>
    rdn.map(({ type, tag, value, der }) => ({
      type,
      name: attributeDescriptors.get(type) ?? null,
      value,
      stringType: nameTag(tag),
      der: toHex(der),
    })),
  );
}
