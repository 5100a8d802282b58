/**
 * Deviation List, Doc 9303-12 section 10: documents in circulation that are not as they should be.
 *
 * ```asn1
 * DeviationList ::= SEQUENCE {
 *   version         INTEGER { v0(0) },
 *   digestAlgorithm AlgorithmIdentifier OPTIONAL,
 *   deviations      SET OF Deviation }
 * ```
 *
 * @module
 */

import { parseSignedData, type SignedData } from "../cms/signed-data.ts";
import { type BerElement, type BerReader, createBerReader } from "../der/ber.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { idIcaoDeviationList } from "../der/oids.ts";
import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { isOutOfOrder } from "../der/set-of.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "../x509/algorithm-identifier.ts";
import type { ParseOptions } from "../x509/certificate.ts";
import type { SignedObject } from "./bundle.ts";
import { type Deviation, type DeviationNote, deviationAt } from "./deviation.ts";
import { type ContentReading, contentReading, expectContentType, readEnvelope } from "./envelope.ts";
import { addRejection, type PartReading, readingOf } from "./parts.ts";

/** A Deviation List, opened. Nothing of it was verified. It lists no certificates; its signer's are in the envelope. */
export interface DeviationList extends SignedObject {
  readonly kind: "deviation-list";
  /** DeviationListVersion: 0. */
  readonly version: number;
  /** The DER of the DeviationList: what the signers' digests are over. */
  readonly content: Uint8Array;
  /** By which `certificateDigest` names document signers. */
  readonly digestAlgorithm: AlgorithmIdentifier | undefined;
  /** In the order of the list. What reading noticed of them stands in `findings`. */
  readonly deviations: readonly Deviation[];
}

/**
 * Opens the Deviation List that is all of `bytes`.
 *
 * Throws `CertParserError` where the whole cannot be opened; a deviation that cannot be read becomes a rejection. Offsets
 * are as in `parseMasterList`.
 */
export function parseDeviationList(bytes: Uint8Array, options: ParseOptions = {}): DeviationList {
  const reading = readingOf(bytes, options);
  return readDeviationList(reading, parseSignedData(bytes, reading.limits));
}

/** Reads the Deviation List in the SignedData that is all of the input. */
export function readDeviationList(reading: PartReading, signedData: SignedData): DeviationList {
  expectContentType(signedData, idIcaoDeviationList);
  const list = readContent(contentReading(reading, signedData));
  const envelope = readEnvelope(reading, signedData, "Table 19");
  return {
    kind: "deviation-list",
    ...envelope,
    version: list.version,
    content: signedData.content,
    digestAlgorithm: list.digestAlgorithm,
    deviations: list.deviations,
    certificates: [],
    findings: [...envelope.findings, ...noteUnsignedAttributes(signedData), ...list.findings],
  };
}

/** Tells Deviation Lists from the other objects of a bundle. */
export function isDeviationList(object: SignedObject): object is DeviationList {
  return object.kind === "deviation-list";
}

/** Allowed in a Master List, and not here. */
function noteUnsignedAttributes({ signerInfos }: SignedData): readonly Finding[] {
  return signerInfos
    .filter(({ unsignedAttrs }) => unsignedAttrs !== undefined)
    .map(({ offset }) => ({
      code: "UNSIGNED_ATTRIBUTES",
      message: "signerInfo has unsigned attributes, expected none",
      offset,
      clause: "Doc 9303-12, Table 19",
    }));
}

type DeviationListContent = Pick<DeviationList, "version" | "digestAlgorithm" | "deviations" | "findings">;

function readContent({ reading, start, end }: ContentReading): DeviationListContent {
  const { input, limits } = reading;
  const reader = createBerReader(input, limits);
  const sequence = reader.expect(start, end, Tag.SEQUENCE, "DeviationList");
  const { contentStart, contentEnd } = sequence;
  const version = reader.expect(contentStart, contentEnd, Tag.INTEGER, "DeviationList.version");
  const algorithm =
    input[version.end] === Tag.SEQUENCE && version.end < contentEnd
      ? reader.read(version.end, contentEnd)
      : undefined;
  const set = reader.expect(algorithm?.end ?? version.end, contentEnd, Tag.SET, "DeviationList.deviations");

  const findings: Finding[] = [];
  const note: DeviationNote = (code, message, offset) =>
    findings.push({ code, message, offset, clause: "Doc 9303-12, 10.2" });
  const number = decodeSmallInteger(input, version, "DeviationList.version");
  if (number !== 0) note("VERSION_UNEXPECTED", `list is of version ${number}, expected 0`, version.start);
  if (set.end < contentEnd) {
    note("TRAILING_DATA", "DeviationList goes on after its deviations", set.end);
  }
  if (sequence.end < end) note("TRAILING_DATA", "bytes follow the DeviationList", sequence.end);
  const digestAlgorithm =
    algorithm && algorithmIdentifierAt(input, algorithm, "DeviationList.digestAlgorithm");
  const deviations = readDeviations(reading, reader, set, note);
  if (digestAlgorithm === undefined && deviations.some(isNamedByDigest)) {
    note("DEVIATION_FORM", "certificateDigest is there, but no digestAlgorithm", set.start);
  }
  return { version: number, digestAlgorithm, deviations, findings };
}

function isNamedByDigest({ documents }: Deviation): boolean {
  return documents.dscIdentifier?.type === "certificateDigest";
}

/** Deviations are in DER, like certificates, whatever is around them. */
function readDeviations(
  reading: PartReading,
  reader: BerReader,
  set: BerElement,
  note: DeviationNote,
): readonly Deviation[] {
  const { input, limits } = reading;
  const deviations: Deviation[] = [];
  let entries = 0;
  let isOrdered = true;
  let before: BerElement | undefined;
  for (let at = set.contentStart, index = 0; at < set.contentEnd; index++) {
    const element = reader.read(at, set.contentEnd);
    const deviation = readDeviation(reading, element, index, note);
    if (deviation instanceof CertParserError) {
      addRejection(reading, element, { kind: "deviation", foundIn: "list", index }, deviation);
    } else deviations.push(deviation);

    entries += deviation instanceof CertParserError ? 1 : entriesOf(deviation);
    expectFewEntries(entries, limits, at);

    if (isOrdered && before !== undefined && isOutOfOrder(input, before, element)) {
      note("SET_OF_ORDER", "deviations are not in the order of DER", at);
      isOrdered = false;
    }
    before = element;
    at = element.end;
  }
  return deviations;
}

function entriesOf({ documents, descriptions }: Deviation): number {
  return 1 + descriptions.length + (documents.documentNumbers?.length ?? 0);
}

function expectFewEntries(count: number, { maxEntries }: Limits, offset: number): void {
  if (count <= maxEntries) return;
  const message = `over ${maxEntries} deviations, descriptions and document numbers`;
  throw new CertParserError("LIMIT_EXCEEDED", message, { offset });
}

function readDeviation(
  { input }: PartReading,
  element: Element,
  index: number,
  note: DeviationNote,
): Deviation | CertParserError {
  try {
    const sequence = expectElement(input, element.start, element.end, Tag.SEQUENCE, "Deviation");
    expectEnd(sequence.end, element.end, "Deviation");
    return deviationAt(input, sequence, index, note);
  } catch (error) {
    if (error instanceof CertParserError) return error;
    throw error;
  }
}
