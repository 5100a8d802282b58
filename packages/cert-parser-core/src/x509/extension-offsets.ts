/**
 * Where in a certificate the known extensions are: all that it keeps of them.
 *
 * @module
 */

import {
  idCeInhibitAnyPolicy,
  idCeNameConstraints,
  idCePolicyConstraints,
  idCePolicyMappings,
  idIcaoDeviationListSigningKey,
  idIcaoMasterListSigningKey,
} from "../der/oids.ts";
import { type Element, readElement } from "../der/reader.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import {
  type ExtensionDecoder,
  extensionType,
  noteMalformed,
  type ReusedExtension,
  readExtension,
  readExtensionInto,
  reusedExtension,
} from "./extension.ts";
import { expectFewExtensions, isShort } from "./extension-bounds.ts";
import { type KnownExtension, knownExtensions } from "./known-extensions.ts";
import type { NumberSlots } from "./number-slab.ts";
import type { Part } from "./part.ts";

/** The name of an extension that has an offset of its own. */
export type LocatedExtension = KnownExtension["name"];

/** At the slot of each extension, where its extnValue starts; 0 where it is absent, malformed or too long. */
export type ExtensionOffsets = NumberSlots;

/** Checks the extensions that the SEQUENCE `element` frames; of one that stands there twice, the first counts. */
export function locateExtensions(
  input: Uint8Array,
  element: Element | undefined,
  { limits, tables }: Part,
  findings: Finding[],
): ExtensionOffsets {
  if (element === undefined) return noOffsets;
  expectFewExtensions(input, element, path, limits);
  const offsets = tables.slab.take(names.length);
  const reading: Reading = { input, limits, offsets, seen: 0, others: undefined, findings };
  const extension = reusedExtension();
  for (let at = element.contentStart; at < element.end; at = extension.element.end) {
    if (!readExtensionInto(input, at, element.end, path, extension, findings)) continue;
    const index = indexByIdCe[lastArcOfIdCe(input, extension.type)] ?? notKnown;
    if (index === notKnown) readOther(reading, extension);
    else readKnown(reading, index, extension);
  }
  return reading.offsets;
}

/** Reads the extension at a slot again; undefined where it is absent or malformed. */
export function locatedExtension<T>(
  input: Uint8Array,
  name: LocatedExtension,
  offsets: ExtensionOffsets,
  decode: ExtensionDecoder<T>,
): T | undefined {
  const extnValue = extnValueAt(input, name, offsets);
  return extnValue && readExtension(input, name, extnValue, decode, []);
}

/** Frames the extnValue of an extension; undefined where it is absent or malformed. */
export function extnValueAt(
  input: Uint8Array,
  name: LocatedExtension,
  offsets: ExtensionOffsets,
): Element | undefined {
  const offset = offsets.slots[offsets.base + slotByName[name]] as number;
  return offset === 0 ? undefined : readElement(input, offset);
}

/** What the extensions before have given. */
interface Reading {
  readonly input: Uint8Array;
  readonly limits: Limits;
  readonly offsets: ExtensionOffsets;
  /** Bits of the known extensions that were there. */
  seen: number;
  /** Types of the others that were there. Few certificates have any. */
  others: Set<string> | undefined;
  readonly findings: Finding[];
}

function readKnown(reading: Reading, index: number, extension: ReusedExtension): void {
  const { input, limits, offsets, findings } = reading;
  const { critical, extnValue } = extension;
  const known = knownExtensions[index] as KnownExtension;
  if ((reading.seen & (1 << index)) !== 0) {
    noteDuplicate(known.name, extension, findings);
    return;
  }
  reading.seen |= 1 << index;
  if (!isShort(known.type, extnValue, limits, findings)) return;
  let value: unknown;
  try {
    value = known.check(input, extnValue, findings);
  } catch (error) {
    noteMalformed(error, known.type, extnValue.contentStart, findings);
    return;
  }
  if (critical !== (known.critical ?? (critical || isForLists(value)))) {
    noteCriticality(known.name, extension, findings);
  }
  const slot = offsets.base + (slots[index] as number);
  if (offsets.slots[slot] === 0) offsets.slots[slot] = extnValue.start;
}

/** Doc 9303-12, Table 6 wants extKeyUsage critical where it is for signing lists; others may have it as they like. */
function isForLists(purposes: unknown): boolean {
  if (!Array.isArray(purposes)) return false;
  return purposes.includes(idIcaoMasterListSigningKey) || purposes.includes(idIcaoDeviationListSigningKey);
}

function readOther(reading: Reading, extension: ReusedExtension): void {
  const { input, findings } = reading;
  const type = extensionType(input, extension, findings);
  if (type === undefined) return;
  const index = indexByType.get(type);
  if (index !== undefined) {
    readKnown(reading, index, extension);
    return;
  }
  reading.others ??= new Set();
  if (reading.others.has(type)) noteDuplicate(type, extension, findings);
  else if (extension.critical && !criticalByRight.has(type)) {
    note(
      "EXTENSION_CRITICALITY",
      `${type} is critical, and not known here`,
      extension,
      "RFC 5280, 4.2",
      findings,
    );
  }
  reading.others.add(type);
}

/** The last arc of an OID below id-ce (2.5.29), as nearly all extensions have; -1 for any other. */
function lastArcOfIdCe(input: Uint8Array, { contentStart, end }: Element): number {
  if (end - contentStart !== 3 || input[contentStart] !== 0x55 || input[contentStart + 1] !== 0x1d) return -1;
  return input[contentStart + 2] as number;
}

function noteDuplicate(what: string, extension: ReusedExtension, findings: Finding[]): void {
  note(
    "EXTENSION_DUPLICATE",
    `${what} stands there before, and the first counts`,
    extension,
    "RFC 5280, 4.2",
    findings,
  );
}

/** Notes that an extension is critical and should not be, or the other way round. */
function noteCriticality(what: string, extension: ReusedExtension, findings: Finding[]): void {
  const message = extension.critical
    ? `${what} is critical, and should not be`
    : `${what} is not critical, and should be`;
  note("EXTENSION_CRITICALITY", message, extension, "Doc 9303-12, Table 6", findings);
}

function note(
  code: Finding["code"],
  message: string,
  { element }: ReusedExtension,
  clause: string,
  findings: Finding[],
): void {
  findings.push({ code, message: `extension ${message}`, offset: element.start, clause });
}

const path = "TBSCertificate.extensions";
const names = [...new Set(knownExtensions.map(({ name }) => name))];
/** Slots of the known extensions, by their position in the table. */
const slots: readonly number[] = knownExtensions.map(({ name }) => names.indexOf(name));
const slotByName = Object.fromEntries(names.map((name, slot) => [name, slot])) as Readonly<
  Record<LocatedExtension, number>
>;
const noOffsets: ExtensionOffsets = { slots: new Int32Array(names.length), base: 0 };

const indexByType: ReadonlyMap<string, number> = new Map(
  knownExtensions.map(({ type }, index) => [type, index]),
);
const notKnown = -1;
const indexByIdCe: readonly number[] = Array.from(
  { length: 128 },
  (_, arc) => indexByType.get(`2.5.29.${arc}`) ?? notKnown,
);
// RFC 5280 wants these critical; Doc 9303-12 has no use for them.
const criticalByRight: ReadonlySet<string> = new Set([
  idCeInhibitAnyPolicy,
  idCeNameConstraints,
  idCePolicyConstraints,
  idCePolicyMappings,
]);
