/**
 * What the role of a certificate is judged by, read from where its extensions are.
 *
 * @module
 */

import type { Element } from "../der/reader.ts";
import { decodeBasicConstraints, decodeExtKeyUsage, keyUsageBits } from "./certificate-extensions.ts";
import { type ExtensionOffsets, extnValueAt, locatedExtension } from "./extension-offsets.ts";
import { authorityKeyIdentifierAt, subjectKeyIdentifierAt } from "./key-identifiers.ts";
import type { RoleGrounds } from "./role.ts";

/** Reads the grounds of a certificate whose extensions were checked. */
export function roleGroundsAt(
  input: Uint8Array,
  offsets: ExtensionOffsets,
  isSelfIssued: boolean,
): RoleGrounds {
  const keyUsage = extnValueAt(input, "keyUsage", offsets);
  return {
    cA: locatedExtension(input, "basicConstraints", offsets, decodeBasicConstraints)?.cA,
    keyUsage: keyUsage && keyUsageBits(input, keyUsage),
    purposes: locatedExtension(input, "extKeyUsage", offsets, decodeExtKeyUsage),
    hasDocumentTypeList: extnValueAt(input, "documentTypeList", offsets) !== undefined,
    isSelfIssued,
    hasOneKey: hasOneKey(input, offsets),
  };
}

function hasOneKey(input: Uint8Array, offsets: ExtensionOffsets): boolean | undefined {
  const subject = extnValueAt(input, "subjectKeyIdentifier", offsets);
  const authority = extnValueAt(input, "authorityKeyIdentifier", offsets);
  if (subject === undefined || authority === undefined) return undefined;
  const subjectKey = subjectKeyIdentifierAt(input, subject);
  const authorityKey = authorityKeyIdentifierAt(input, authority);
  return authorityKey && equalContents(input, subjectKey, authorityKey);
}

function equalContents(input: Uint8Array, a: Element, b: Element): boolean {
  const length = a.end - a.contentStart;
  if (length !== b.end - b.contentStart) return false;
  for (let at = 0; at < length; at++) {
    if (input[a.contentStart + at] !== input[b.contentStart + at]) return false;
  }
  return true;
}
