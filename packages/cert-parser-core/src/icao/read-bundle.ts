/**
 * Opens any file of this field, recognised by its content.
 *
 * @module
 */

import { beginSha256, portableSha256 } from "../bytes/digest.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import { decodeBase64 } from "../containers/base64.ts";
import { isPem } from "../containers/pem.ts";
import { createExpansionBudget, type ExpansionBudget, isZip } from "../containers/zip.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { withDefaultLimits } from "../limits.ts";
import type { ParseOptions } from "../x509/certificate.ts";
import { createFileTables } from "../x509/file-tables.ts";
import type { Bundle, BundleKind, SignedObject } from "./bundle.ts";
import { type Chunks, collect, expectWithin, type PeekedInput, peek } from "./chunks.ts";
import { type Found, gatherObjects } from "./found.ts";
import type { Contents, Opening } from "./opening.ts";
import { readPemFile } from "./pem-file.ts";
import { createPkdReader } from "./pkd-directory.ts";
import { looksLikeLdif, recogniseValue } from "./recognise.ts";
import { describeUnknown } from "./unknown-input.ts";
import { onlyValue, readValue, readValueBesideOthers } from "./value.ts";
import { openZip } from "./zip-archive.ts";

/**
 * Opens a Master List (in CMS, in DER or BER, or bare), a Deviation List, certificates and CRLs (DER, PEM, PKCS #7), an LDIF
 * file of ICAO's directory, a ZIP archive of any of these, or any of them in base64.
 *
 * From an async iterable, LDIF is read as a stream and not held; everything else is collected first. Rejects with
 * `CertParserError`: `INPUT_UNRECOGNISED` says what the input looked like.
 */
export async function readBundle(
  input: Uint8Array | AsyncIterable<Uint8Array>,
  options: ParseOptions = {},
): Promise<Bundle> {
  const limits = withDefaultLimits(options.limits);
  const sha256 = options.sha256 ?? portableSha256;
  const opening: Opening = {
    limits,
    sha256,
    origin: undefined,
    tables: createFileTables(),
    unreadable: { value: 0 },
    archives: 0,
  };
  if (input instanceof Uint8Array) {
    const contents = await open([input], opening, undefined);
    return { ...contents, bytes: input, byteLength: input.length, sha256: sha256(input) };
  }

  if (typeof input?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError("readBundle wants a Uint8Array, or an async iterable of them");
  }
  const digest = beginSha256(sha256);
  let byteLength = 0;
  async function* digested(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      byteLength += chunk.length;
      digest.update(chunk);
      yield chunk;
    }
  }
  const { bytes, ...contents } = await open(digested(input), opening, undefined);
  return { ...contents, bytes, byteLength, sha256: digest.digest() };
}

/** What was opened, with its bytes where they were held. */
interface Opened extends Contents {
  readonly bytes: Uint8Array | undefined;
}

/** Opens a file or a member of an archive; `budget` is that of the outermost archive. */
async function open(chunks: Chunks, opening: Opening, budget: ExpansionBudget | undefined): Promise<Opened> {
  const input = await peek(chunks, opening.limits);
  try {
    if (looksLikeLdif(input.head)) return { ...(await openLdif(input, opening)), bytes: undefined };
    return await openHeld(await collect(input, opening.limits), opening, budget);
  } finally {
    // Whatever it comes from is let go of, also where it was not read to its end.
    await input.rest.return(undefined);
  }
}

async function openHeld(
  bytes: Uint8Array,
  opening: Opening,
  budget: ExpansionBudget | undefined,
): Promise<Opened> {
  if (!isZip(bytes)) return { ...openBytes(bytes, opening), bytes };
  const shared = budget ?? createExpansionBudget(bytes.length, opening.limits);
  const contents = await openZip(bytes, opening, shared, (content, inner) => open(content, inner, shared));
  return { ...contents, bytes };
}

async function openLdif({ head, rest }: PeekedInput, opening: Opening): Promise<Contents> {
  const { maxStreamBytes } = opening.limits;
  const reader = createPkdReader(opening);
  let length = head.length;
  expectWithin(length, maxStreamBytes);
  reader.push(head);
  for await (const chunk of rest) {
    length += chunk.length;
    expectWithin(length, maxStreamBytes);
    reader.push(chunk);
  }
  const { found, directory, findings } = reader.finish();
  const objects = gatherObjects([found], { der: new Uint8Array(), origin: opening.origin });
  // A delta may change what is not read here, or nothing.
  if (objects.length === 0 && !directory.isDelta && directory.records > 0) {
    throw new CertParserError(
      "INPUT_UNRECOGNISED",
      `input is LDIF of ${directory.records} records, none of which holds a certificate, a CRL or a list${firstOf(findings)}`,
      { offset: 0 },
    );
  }
  return { kind: "ldif", objects, directories: [directory], findings };
}

/** Opens what is no archive and no LDIF: a value in DER or BER, PEM, or base64 of a value. */
function openBytes(bytes: Uint8Array, opening: Opening): Contents {
  const kind = recogniseValue(bytes);
  const reading = { ...opening, input: bytes, rejections: [] };
  if (kind !== undefined) {
    const read = opening.origin === undefined ? readValue : readValueBesideOthers;
    return contentsOf([read(reading, kind, onlyValue)], bytes, opening);
  }
  if (isPem(bytes)) return contentsOf(readPemFile(reading), bytes, opening);
  const decoded = decodeBareBase64(bytes);
  if (decoded !== undefined) return openBytes(decoded, opening);
  throw unrecognised(bytes);
}

function contentsOf(found: readonly Found[], der: Uint8Array, opening: Opening): Contents {
  const objects = gatherObjects(found, { der, origin: opening.origin });
  const holdsNothing = objects.every(
    ({ certificates, crls, rejections, signers, kind }) =>
      isLoose(kind) && certificates.length + crls.length + rejections.length + signers.length === 0,
  );
  if (holdsNothing) throw unrecognised(der, objects);
  return { kind: kindOf(objects), objects, directories: [], findings: [] };
}

function isLoose(kind: BundleKind): boolean {
  return kind === "certificate" || kind === "crl" || kind === "certificates";
}

function kindOf(objects: readonly SignedObject[]): BundleKind {
  const [only, ...others] = objects;
  return only !== undefined && others.length === 0 ? only.kind : "certificates";
}

/** Base64 of a SEQUENCE and nothing else. */
function decodeBareBase64(bytes: Uint8Array): Uint8Array | undefined {
  const head = decodeLatin1(bytes.subarray(0, 64));
  if (!/^(?:\xef\xbb\xbf)?\s*M/.test(head)) return undefined;
  try {
    const decoded = decodeBase64(bytes, head.startsWith(byteOrderMark) ? byteOrderMark.length : 0);
    return recogniseValue(decoded) === undefined ? undefined : decoded;
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

function unrecognised(bytes: Uint8Array, objects: readonly SignedObject[] = []): CertParserError {
  const findings = objects.flatMap((object) => object.findings);
  return new CertParserError("INPUT_UNRECOGNISED", describeUnknown(bytes) + firstOf(findings), { offset: 0 });
}

/** What reading noticed first, for the message of an error that leaves the rest unsaid. */
function firstOf([finding]: readonly Finding[]): string {
  return finding === undefined ? "" : `: ${finding.message}`;
}

// In UTF-8, one character a byte.
const byteOrderMark = "\u00ef\u00bb\u00bf";
