/**
 * What a store knows, and what the trust policy makes of a bundle, for its tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { zipSync } from "fflate";
import {
  encodeLdif,
  type LdifRecord,
  type RevokedCertificate,
} from "../../../../test-fixtures/src/builders.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { type TrustPolicyOptions, trustPolicy } from "../../src/pipeline/default-ports.ts";
import type { BundleJudgment, ObjectJudgment } from "../../src/policy/judgment.ts";
import { type Known, type KnownPublisher, type KnownTrust, nothingTrusted } from "../../src/policy/known.ts";
import { engine, type Made, makeKey, makeLink, makeRoot } from "../chain/csca-world.ts";
import { now } from "../verify/list-world.ts";
import { type EditionInput, keyOf, makeFacts } from "./facts-world.ts";

const { signal } = new AbortController();

/** What a store holds: nothing, except for what is given. */
export function known(trust: Partial<KnownTrust> = {}, fields: Partial<Known> = {}): Known {
  return {
    source: "default",
    listed: new Map(),
    bundleSha256: null,
    validators: { etag: null, lastModified: null },
    trust: { ...nothingTrusted, ...trust },
    ...fields,
  };
}

/** The pin of a publisher. */
export function pin(root: Made, fields: Partial<KnownPublisher> = {}): KnownPublisher {
  return { source: "default", keySha256: keyOf(root), state: "approved", ...fields };
}

/** A source with the pin of one publisher, whose last list holds it. */
export function pinned(
  root: Made,
  fields: Partial<KnownPublisher> = {},
  edition: Partial<EditionInput> = {},
): Pick<KnownTrust, "facts" | "publishers"> {
  const publisher = pin(root, fields);
  const { source } = publisher;
  return { publishers: [publisher], facts: makeFacts([{ publisher: root, source, ...edition }]) };
}

/** Judges the bytes of a bundle, on the first of June 2024 unless told otherwise. */
export async function judgeBytes(
  bytes: Uint8Array,
  held: Known = known(),
  options: Partial<TrustPolicyOptions> & { readonly at?: Date } = {},
): Promise<BundleJudgment> {
  const { at = now, ...settings } = options;
  const policy = trustPolicy({ mode: "pin", engine, ...settings }, { now: () => at });
  const judged = await policy.judge(await readBundle(bytes), held, signal);
  assert.ok(judged.ok);
  return judged.value;
}

/** Judges the bytes of a bundle of one object. */
export async function judgeOne(...asked: Parameters<typeof judgeBytes>): Promise<ObjectJudgment> {
  const { objects } = await judgeBytes(...asked);
  const [judgment, ...others] = objects;
  assert.ok(judgment);
  assert.equal(others.length, 0);
  return judgment;
}

/** `outcome` and what decided or was noted, as `weight CODE`. */
export function said({
  outcome,
  reasons,
}: Pick<BundleJudgment | ObjectJudgment, "outcome" | "reasons">): readonly string[] {
  return [outcome, ...reasons.map(({ weight, code }) => `${weight} ${code}`)];
}

/** The next key of a CSCA: the link to it, and its self-signed certificate. */
export function rollOver(from: Made): { readonly link: Made; readonly young: Made } {
  const key = makeKey();
  return { link: makeLink(from, { key }), young: makeRoot({ key, ...youngTimes }) };
}

/** The certificates as they were built. */
export function dersOf(certificates: readonly Made[]): readonly Uint8Array[] {
  return certificates.map(({ built }) => built.der);
}

/** An entry of a CRL that revokes a certificate. */
export function revoking(
  { certificate: { serialNumber } }: Made,
  reason?: RevokedCertificate["reason"],
): RevokedCertificate {
  return {
    serialNumber,
    revocationDate: "2024-04-20T00:00:00Z",
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A directory as LDIF. */
export function ldif(...records: readonly LdifRecord[]): Uint8Array {
  return new TextEncoder().encode(encodeLdif(records));
}

/** An archive of these files as they are, each named by its place. */
export function zip(...files: readonly Uint8Array[]): Uint8Array {
  return zipSync(Object.fromEntries(files.map((bytes, at) => [`${at}`, bytes])), { level: 0 });
}

/** An entry of a directory, without a version unless one is given. */
export function entry(
  name: string,
  attribute: string,
  der: Uint8Array,
  { version, country = "UT" }: { readonly version?: number; readonly country?: string } = {},
): LdifRecord {
  return {
    dn: `cn=${name},o=dsc,c=${country},dc=data`,
    lines: [
      ...(version === undefined ? [] : [{ name: "pkdVersion", value: String(version) }]),
      { name: `${attribute};binary`, value: der },
    ],
  };
}

const youngTimes = {
  notBefore: "2024-01-01T00:00:00Z",
  notAfter: "2039-01-01T00:00:00Z",
  keyNotAfter: "2029-01-01T00:00:00Z",
} as const;
