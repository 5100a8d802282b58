/**
 * Textual encodings of PKIX structures, RFC 7468: blocks of base64 between a line that begins and a line that ends each.
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { expectFewRejections, type Limits } from "../limits.ts";
import { decodeBase64 } from "./base64.ts";

/** One block. */
export interface PemBlock {
  /** Such as `CERTIFICATE`, `X509 CRL`, `PKCS7`, `CMS`. */
  readonly label: string;
  /** Byte offset of its first boundary in the text. */
  readonly offset: number;
  readonly content: Uint8Array;
}

/** The blocks of a text, in order; a block that cannot be decoded is a finding. */
export interface PemText {
  readonly blocks: readonly PemBlock[];
  readonly findings: readonly Finding[];
}

/** Tells whether there is a block in a text, whatever stands before it. */
export function isPem(text: Uint8Array): boolean {
  return nextBoundary(text, 0) !== undefined;
}

/** Reads every block; text around them is passed over (RFC 7468, 2). */
export function readPem(text: Uint8Array, limits: Limits): PemText {
  const blocks: PemBlock[] = [];
  const findings: Finding[] = [];
  let boundary = nextBoundary(text, 0);
  while (boundary !== undefined) {
    const next = nextBoundary(text, boundary.end);
    if (boundary.ends) {
      boundary = next;
      continue;
    }
    if (blocks.length + findings.length >= limits.maxEntries) {
      throw new CertParserError("LIMIT_EXCEEDED", `over ${limits.maxEntries} PEM blocks`, {
        offset: boundary.start,
      });
    }
    try {
      blocks.push(readBlock(text, boundary, next));
    } catch (error) {
      if (!(error instanceof CertParserError)) throw error;
      expectFewRejections(findings.length + 1, limits, boundary.start);
      findings.push({
        code: "PEM_BLOCK_SKIPPED",
        message: `PEM block ${JSON.stringify(boundary.label)} was passed over: ${error.message}`,
        offset: error.offset ?? boundary.start,
        clause: "RFC 7468, 3",
      });
    }
    boundary = next;
  }
  return { blocks, findings };
}

/** `-----BEGIN LABEL-----` or `-----END LABEL-----`. */
interface Boundary {
  readonly ends: boolean;
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

function readBlock(text: Uint8Array, begin: Boundary, next: Boundary | undefined): PemBlock {
  if (next === undefined || !next.ends) {
    throw new CertParserError("BASE64_SYNTAX", "no -----END ends it", { offset: begin.start });
  }
  const start = afterHeaders(text, begin.end, next.start);
  return { label: begin.label, offset: begin.start, content: decodeBase64(text, start, next.start) };
}

/** RFC 1421, 4.6: headers such as `Proc-Type: 4,ENCRYPTED`, which an empty line parts from the base64. */
function afterHeaders(text: Uint8Array, start: number, end: number): number {
  const head = decodeLatin1(text.subarray(start, Math.min(end, start + maxHeaderBytes)));
  if (!head.includes(":")) return start;
  const emptyLine = /\r?\n[ \t]*\r?\n/.exec(head);
  if (emptyLine === null)
    throw new CertParserError("BASE64_SYNTAX", "its headers do not end", { offset: start });
  return start + emptyLine.index + emptyLine[0].length;
}

function nextBoundary(text: Uint8Array, start: number): Boundary | undefined {
  for (let at = text.indexOf(dash, start); at >= 0; at = text.indexOf(dash, at)) {
    let dashes = at;
    while (text[dashes] === dash) dashes++;
    const found = dashes - at >= 5 ? boundaryAt(text, dashes) : undefined;
    if (found !== undefined) return found;
    at = dashes;
  }
  return undefined;
}

/** Reads the boundary whose opening dashes end at `at`; undefined where it is none. */
function boundaryAt(text: Uint8Array, at: number): Boundary | undefined {
  const line = decodeLatin1(text.subarray(at, at + maxBoundaryBytes));
  const [whole, word, label] = boundaryLine.exec(line) ?? [];
  if (whole === undefined || label === undefined) return undefined;
  return { ends: word === "END", label, start: at - 5, end: at + whole.length };
}

const boundaryLine = /^(BEGIN|END) ([\x21-\x7e](?:[\x20-\x7e]*?[\x21-\x7e])?)?-----/;
const dash = 0x2d;
// RFC 7468, 3: labels are some words; headers of RFC 1421 a few lines.
const maxBoundaryBytes = 80;
const maxHeaderBytes = 4096;
