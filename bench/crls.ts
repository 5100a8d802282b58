/**
 * Makes CRLs of any length, as large public CAs publish them: serial numbers of 16 octets, each entry with its own date.
 *
 * @module
 */

import {
  context,
  integer,
  octetString,
  oid,
  sequence,
  utcTime,
} from "../packages/cert-parser-core/test/der-writer.ts";
import { buildRevocationList, extension } from "../packages/cert-parser-core/test/specimens.ts";

/** A CRL of version 2 with `count` entries, every one of them with a reason or none. Its signature is no signature. */
export function crlOf(count: number, withReason: boolean): Uint8Array {
  const template = sequence(
    integer("01".repeat(16)),
    utcTime("260101000000Z"),
    ...(withReason ? [reason] : []),
  );
  const entries = new Uint8Array(count * template.length);
  for (let index = 0; index < count; index++)
    writeEntry(entries.subarray(index * template.length), template, index);
  return buildRevocationList({
    revokedCertificates: sequence(entries),
    crlExtensions: context(0, sequence(extension("2.5.29.20", integer("0400")))),
  });
}

function writeEntry(entry: Uint8Array, template: Uint8Array, index: number): void {
  entry.set(template);
  const view = new DataView(entry.buffer, entry.byteOffset + serialStart, 16);
  // Spread over all octets of the serial number, as random ones are; the first stays positive.
  view.setUint32(4, Math.imul(index, 0x9e3779b1));
  view.setUint32(12, index);
  entry.set(twoDigits((index % 28) + 1), dateStart + 4);
  entry.set(twoDigits(index % 24), dateStart + 6);
  entry.set(twoDigits(index % 60), dateStart + 8);
}

function twoDigits(value: number): readonly [number, number] {
  return [0x30 + Math.floor(value / 10), 0x30 + (value % 10)];
}

// After tag and length of the entry and of the field itself.
const serialStart = 4;
const dateStart = serialStart + 16 + 2;
const reason = sequence(sequence(oid("2.5.29.21"), octetString(Uint8Array.of(0x0a, 1, 1))));
