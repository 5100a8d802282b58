/**
 * What is tried: each function that takes bytes from outside, and all that can be asked of what it gives.
 *
 * @module
 */

import {
  applyDelta,
  type Bundle,
  type Certificate,
  describeBundle,
  describeCertificate,
  type Limits,
  type ParseOptions,
  parseCertificate,
  parseDeviationList,
  parseMasterList,
  parseRevocationList,
  type RevocationList,
  readBundle,
  revokedCertificateRecords,
  summariseBundle,
  toCrlRecord,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { readFixture } from "cert-parser-fixtures";
import type { SeedKind } from "./seeds.ts";

/** How one case is read, beside its bytes. */
export interface Reading {
  /** Ceilings that many inputs reach, or those that everyone has. */
  readonly tight: boolean;
  /** Where the input comes in chunks: their length; otherwise 0. */
  readonly chunkBytes: number;
}

/** One function of the library, with what it may be given. */
export interface Target {
  /** The kinds of seeds that reach deepest into it. */
  readonly kinds: readonly SeedKind[];
  /** Whether it tells PEM, LDIF and archives by itself. */
  readonly recognises: boolean;
  /** Gives everything that can be asked of the result. */
  readonly read: (bytes: Uint8Array, reading: Reading) => unknown;
}

export const targets: Readonly<Record<string, Target>> = {
  readBundle: {
    kinds: ["certificate", "crl", "list", "deviations", "directory", "other"],
    recognises: true,
    read: async (bytes, reading) => everythingIn(await readInChunks(bytes, reading)),
  },
  applyDelta: {
    kinds: ["directory"],
    recognises: true,
    read: async (bytes, reading) => {
      const read = await readInChunks(bytes, reading);
      if (read.kind !== "ldif") return everythingIn(read);
      return [everythingIn(applyDelta(collection, read)), summariseBundle(applyDelta(read, collection))];
    },
  },
  parseMasterList: {
    kinds: ["list"],
    recognises: false,
    read: (bytes, reading) => {
      const list = parseMasterList(bytes, optionsFor(reading));
      const certificates = [...list.certificates, ...list.envelopeCertificates];
      return [list, certificates.map(describeCertificate), list.crls.map(everythingOf)];
    },
  },
  parseDeviationList: {
    kinds: ["deviations"],
    recognises: false,
    read: (bytes, reading) => {
      const list = parseDeviationList(bytes, optionsFor(reading));
      return [list, list.envelopeCertificates.map(describeCertificate)];
    },
  },
  parseCertificate: {
    kinds: ["certificate"],
    recognises: false,
    read: (bytes, reading) => described(parseCertificate(bytes, optionsFor(reading))),
  },
  parseRevocationList: {
    kinds: ["crl"],
    recognises: false,
    read: (bytes, reading) => everythingOf(parseRevocationList(bytes, optionsFor(reading))),
  },
};

function everythingIn(bundle: Bundle): unknown {
  const certificates = bundle.objects.flatMap((object) => [
    ...object.certificates,
    ...object.envelopeCertificates,
  ]);
  const crls = bundle.objects.flatMap((object) => object.crls);
  return [
    bundle,
    summariseBundle(bundle),
    describeBundle(bundle),
    certificates.map(describeCertificate),
    crls.map(everythingOf),
  ];
}

/** As `toCertificateRecord`, and the fields and extensions that a person asks for. */
function described(certificate: Certificate): unknown {
  return [certificate, describeCertificate(certificate)];
}

function everythingOf(crl: RevocationList): unknown {
  return [crl, toCrlRecord(crl), [...revokedCertificateRecords(crl)]];
}

function optionsFor({ tight }: Reading): ParseOptions {
  return tight ? { sha256, limits: tightLimits } : { sha256 };
}

function readInChunks(bytes: Uint8Array, reading: Reading): Promise<Bundle> {
  const { chunkBytes } = reading;
  return readBundle(chunkBytes === 0 ? bytes : chunksOf(bytes, chunkBytes), optionsFor(reading));
}

async function* chunksOf(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const collection = await readBundle(readFixture("collection-001.ldif"), { sha256 });
const tightLimits: Partial<Limits> = {
  maxBytes: 5000,
  maxStreamBytes: 9000,
  maxDepth: 8,
  maxElements: 300,
  maxCertificates: 2,
  maxEntries: 6,
  maxRevokedCertificates: 2,
  maxArchiveDepth: 1,
  maxExpansionRatio: 2,
};
