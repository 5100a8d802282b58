/**
 * What mutations begin with: the synthetic fixtures, and the corpus of real files where it is beside the repository.
 *
 * Lists are cut down to a few certificates, CRLs to a few entries: a case is to take a fraction of a millisecond.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  CertParserError,
  parseCertificate,
  parseDeviationList,
  parseMasterList,
  parseRevocationList,
} from "cert-parser-core";
import { readTar } from "../packages/cert-parser-core/test/tar.ts";
import { thin } from "./thin.ts";
import type { Formed } from "./wrappings.ts";

/** What a seed is before anything is changed. */
export type SeedKind = "certificate" | "crl" | "list" | "deviations" | "directory" | "other";

/** One input to begin with. */
export interface Seed extends Formed {
  readonly kind: SeedKind;
}

/** All seeds, in an order that is the same on every machine that has the same files. */
export function readSeeds(): readonly Seed[] {
  const fixtures = filesUnder(join(import.meta.dirname, "../test-fixtures/files"));
  const corpus = join(import.meta.dirname, "../../shared/corpus");
  const real = ["anchors", "crl", "csca", "ldif", "master-lists"].flatMap((folder) =>
    filesUnder(join(corpus, folder)),
  );
  return [...fixtures, ...real]
    .flatMap(seedsOf)
    .concat(malformed(join(corpus, "malformed/malformed.tar.gz")));
}

function filesUnder(folder: string): readonly Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:json|pem)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => new Uint8Array(readFileSync(file)));
}

function malformed(archive: string): readonly Seed[] {
  if (!existsSync(archive)) return [];
  return readTar(gunzipSync(readFileSync(archive)))
    .filter(({ bytes }) => bytes.length > 0 && bytes.length <= longest)
    .map(({ bytes }) => ({ kind: "other", format: formatOf(bytes), bytes }));
}

function seedsOf(bytes: Uint8Array): readonly Seed[] {
  const format = formatOf(bytes);
  if (format === "text")
    return excerpts(bytes).map((excerpt) => ({ kind: textKind(excerpt), format, bytes: excerpt }));
  if (format === "zip") return bytes.length > longest ? [] : [{ kind: "other", format, bytes }];
  const variants =
    bytes.length <= longest ? [bytes] : Array.from({ length: 8 }, (_, index) => thin(bytes, index));
  const whole = variants.map((variant): Seed => ({ kind: kindOf(variant), format, bytes: variant }));
  return [...whole, ...certificatesOf(bytes)];
}

function formatOf(bytes: Uint8Array): Seed["format"] {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return "zip";
  return bytes
    .subarray(0, 64)
    .every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))
    ? "text"
    : "der";
}

/** A few pieces of a long text, each of whole entries. */
function excerpts(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length <= longest) return [bytes];
  const entries = Buffer.from(bytes).toString("latin1").split(/\n\n+/);
  return Array.from({ length: 8 }, (_, index) => {
    const start = Math.floor((index * entries.length) / 8);
    return new TextEncoder().encode(`version: 1\n\n${entries.slice(start, start + 3).join("\n\n")}\n`);
  });
}

/** Some of the certificates of a list, by themselves. */
function certificatesOf(bytes: Uint8Array): readonly Seed[] {
  const list = attempt(() => parseMasterList(bytes));
  if (list === undefined) return [];
  const step = Math.ceil(list.certificates.length / 24);
  return [...list.certificates, ...list.envelopeCertificates]
    .filter((_, index) => index % step === 0)
    .map(({ der }) => ({ kind: "certificate", format: "der", bytes: der.slice() }));
}

function kindOf(der: Uint8Array): SeedKind {
  if (attempt(() => parseCertificate(der)) !== undefined) return "certificate";
  if (attempt(() => parseRevocationList(der)) !== undefined) return "crl";
  if (attempt(() => parseDeviationList(der)) !== undefined) return "deviations";
  return attempt(() => parseMasterList(der)) === undefined ? "other" : "list";
}

function textKind(text: Uint8Array): SeedKind {
  return /^(?:version:|dn:|#)/.test(Buffer.from(text.subarray(0, 16)).toString("latin1"))
    ? "directory"
    : "other";
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

// Some four certificates in their envelope.
const longest = 8192;
