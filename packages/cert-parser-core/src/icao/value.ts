/**
 * Reads one value in DER or BER, whatever it is: a list, certificates, CRLs.
 *
 * @module
 */

import { parseSignedData, type SignedData } from "../cms/signed-data.ts";
import { idData } from "../der/oids.ts";
import { type Element, expectElement, readElement } from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { limited } from "./envelope.ts";
import { type Found, nothingFound, rejectedValue } from "./found.ts";
import { isBareMasterList, readBareMasterList } from "./master-list.ts";
import { type PartReading, readCertificates, readRevocationLists } from "./parts.ts";
import { recogniseValue, type ValueKind } from "./recognise.ts";
import { readSignedObject } from "./signed-object.ts";

/** Where a value stands among those of its file. */
export interface ValuePlace {
  readonly foundIn: FoundIn;
  /** How many certificates and CRLs came before it. */
  readonly certificates: number;
  readonly crls: number;
}

/** The place of a value that is all of its file. */
export const onlyValue: ValuePlace = { foundIn: "file", certificates: 0, crls: 0 };

/**
 * Reads the value that is all of the input, of the kind that it is of by its first elements. Throws `CertParserError` where
 * it cannot be opened; parts of it that cannot be read are rejections.
 */
export function readValue(reading: PartReading, kind: ValueKind, place: ValuePlace): Found {
  switch (kind) {
    case "cms":
      return readCms(reading, place);
    case "bare-master-list":
      // A SignedData without its ContentInfo begins alike; as CMS it is refused for what it lacks.
      if (!isBareMasterList(reading)) return readCms(reading, place);
      return { ...nothingFound, lists: [readBareMasterList(reading)] };
    default:
      return readSequence(reading, kind, place);
  }
}

/** Reads a value beside others: one that cannot be opened becomes a rejection. Exceeding a limit still throws. */
export function readValueBesideOthers(reading: PartReading, kind: ValueKind, place: ValuePlace): Found {
  try {
    return readValue(reading, kind, place);
  } catch (error) {
    if (!(error instanceof CertParserError) || error.code === "LIMIT_EXCEEDED") throw error;
    const index = kind === "crl" ? place.crls : place.certificates;
    return rejectedValue(reading, kind, { foundIn: place.foundIn, index }, error);
  }
}

function readCms(reading: PartReading, place: ValuePlace): Found {
  const signedData = parseSignedData(reading.input, reading.limits);
  if (isCertificateBundle(signedData)) return readCertificateBundle(reading, signedData, place);
  return { ...nothingFound, lists: [readSignedObject(reading, signedData)] };
}

/**
 * PKCS #7 files of certificates (`.p7b`, `.p7c`): SignedData about nothing and by nobody, RFC 5652, 5.2 and RFC 8551, 3.9. A
 * signed list whose content was taken out is none: its certificates would pass for what the list holds.
 */
function isCertificateBundle({ contentType, signerInfos, certificates, crls }: SignedData): boolean {
  return contentType === idData && signerInfos.length === 0 && certificates.length + crls.length > 0;
}

function readCertificateBundle(reading: PartReading, signedData: SignedData, place: ValuePlace): Found {
  const { certificates, crls, findings } = signedData;
  const { foundIn } = place;
  return {
    lists: [],
    certificates: readCertificates(reading, limited(certificates, reading), foundIn, place.certificates),
    crls: readRevocationLists(reading, limited(crls, reading), foundIn, place.crls),
    rejections: reading.rejections,
    findings,
  };
}

/** Certificates and CRLs one behind the other, as `cat` makes them of files; mostly it is one. */
function readSequence(
  reading: PartReading,
  kind: "certificate" | "crl",
  { foundIn, certificates, crls }: ValuePlace,
): Found {
  const { certificate, crl, findings } = frameSequence(reading, kind);
  const found: Found = {
    lists: [],
    certificates: readCertificates(reading, limited(certificate, reading), foundIn, certificates),
    crls: readRevocationLists(reading, limited(crl, reading), foundIn, crls),
    rejections: reading.rejections,
    findings,
  };
  const [rejection] = found.rejections;
  if (rejection === undefined || found.certificates.length + found.crls.length > 0) return found;
  // None could be read: that is a reason for the whole, which is counted by whoever takes it.
  reading.unreadable.value -= found.rejections.length;
  const { code, message, offset, path } = rejection.reason;
  throw new CertParserError(code, message, { offset, ...(path === undefined ? {} : { path }) });
}

interface FramedSequence {
  readonly certificate: readonly Element[];
  readonly crl: readonly Element[];
  readonly findings: readonly Finding[];
}

function frameSequence({ input, limits }: PartReading, first: "certificate" | "crl"): FramedSequence {
  const elements: Record<"certificate" | "crl", Element[]> = { certificate: [], crl: [] };
  const path = first === "crl" ? "CertificateList" : "Certificate";
  if (input[0] !== Tag.SEQUENCE) {
    throw new CertParserError("DER_SYNTAX", `${path} begins with ${nameTag(input[0])}, expected SEQUENCE`, {
      offset: 0,
      path,
    });
  }
  let element = expectElement(input, 0, input.length, Tag.SEQUENCE, path);
  elements[first].push(element);
  // One over the limit is enough to be refused for it.
  while (
    element.end < input.length &&
    elements.certificate.length + elements.crl.length <= limits.maxCertificates
  ) {
    const at = afterLineEnds(input, element.end);
    const kind = recogniseValue(input.subarray(at));
    const next = kind === "certificate" || kind === "crl" ? elementAfter(input, at) : undefined;
    if (next === undefined) return { ...elements, findings: [trailing(element.end, input.length)] };
    elements[kind === "crl" ? "crl" : "certificate"].push(next);
    element = next;
  }
  return { ...elements, findings: [] };
}

/** Some editors end a file of DER with a line feed too, and `cat` leaves it between. */
function afterLineEnds(input: Uint8Array, start: number): number {
  let at = start;
  while (input[at] === 0x0a || input[at] === 0x0d) at++;
  return at;
}

/** What stands behind the first value may be anything: it is no reason to lose that. */
function elementAfter(input: Uint8Array, at: number): Element | undefined {
  try {
    return readElement(input, at);
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

function trailing(at: number, end: number): Finding {
  return {
    code: "TRAILING_DATA",
    message: `${end - at} bytes follow; they were not read`,
    offset: at,
    clause: "X.690, 8.1",
  };
}
