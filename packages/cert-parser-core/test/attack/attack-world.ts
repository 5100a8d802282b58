/**
 * A store, sources and lists for attacks on the trust model.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type BundleJudgment,
  bundleParser,
  liftableCodes,
  ok,
  sync,
  type TrustPolicyOptions,
  trustPolicy,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { zipSync } from "fflate";
import {
  type BuiltCertificate,
  buildCertificate,
  buildMasterList,
  buildRevocationList,
  cscaOptions,
  listSignerOptions,
  type MasterListOptions,
  type RevocationListOptions,
} from "../../../../test-fixtures/src/builders.ts";
import { keySha256Of } from "../../src/chain/authority-index.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { engine, type Made, makeKey, makeRoot, nameOf } from "../chain/csca-world.ts";
import type { MemoryStore } from "../model/memory-store.ts";

/** `2024-05-01T00:00:00Z`. */
export function at(day: string): string {
  return `${day}T00:00:00Z`;
}

/** Its key, lower-case hex. */
export function keyOf({ certificate }: Made): string {
  return keySha256Of(certificate.publicKey, engine);
}

let serial = 500_000;

/** A list signer of thirty months around the day. */
export function listSigner(root: Made, day: string): Made {
  const time = Date.parse(at(day));
  const built = buildCertificate(
    listSignerOptions({
      subject: nameOf(root.certificate.country ?? "ZZ", "Lists"),
      key: makeKey(),
      notBefore: iso(time - 30 * dayMs),
      notAfter: iso(time + 900 * dayMs),
      serialNumber: serial++,
      issuer: root.built,
    }),
  );
  return { built, certificate: parseCertificate(built.der) };
}

/** A list of these certificates, signed on the day. */
export function listOf(
  root: Made,
  members: readonly Made[],
  day: string,
  changes: Partial<MasterListOptions> & { readonly signer?: Made } = {},
): Uint8Array {
  const { signer = listSigner(root, day), ...options } = changes;
  return buildMasterList({
    certificates: members.map(({ built }) => built.der),
    envelopeCertificates: [signer.built.der, root.built.der],
    signers: [{ certificate: signer.built, signingTime: at(day) }],
    ...options,
  }).der;
}

/** A CRL with these serial numbers. */
export function crlOf(
  issuer: BuiltCertificate,
  day: string,
  serialNumbers: readonly (string | number)[],
  changes: Partial<RevocationListOptions> = {},
): Uint8Array {
  const time = Date.parse(at(day));
  return buildRevocationList({
    issuer,
    thisUpdate: at(day),
    nextUpdate: iso(time + 90 * dayMs),
    number: Math.floor(time / dayMs),
    revokedCertificates: serialNumbers.map((serialNumber) => ({
      serialNumber: typeof serialNumber === "string" ? BigInt(`0x${serialNumber}`) : serialNumber,
      revocationDate: at(day),
      reason: "keyCompromise" as const,
    })),
    ...changes,
  }).der;
}

/** An archive of lists, certificates and CRLs. */
export function zipOf(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync(members, { level: 0 });
}

/** What a run came to. */
export interface Ran {
  readonly judgment: BundleJudgment | null;
  readonly outcome: string;
  /** Of each object, what decided. */
  readonly codes: readonly string[];
}

/** Runs `sync` once. `lifted` is the key for which an operator lifts what can be lifted. */
export async function run(
  store: MemoryStore,
  source: string,
  bytes: Uint8Array,
  day: string,
  options: Partial<TrustPolicyOptions> & { readonly liftFor?: string } = {},
): Promise<Ran> {
  const clock = { now: () => new Date(at(day)) };
  const { liftFor, ...settings } = options;
  const lift = liftFor === undefined ? {} : { lifted: liftableCodes, liftedFor: [liftFor] };
  const result = await sync(
    {
      source: { read: async () => ok(bytes) },
      parser: bundleParser({ sha256 }),
      policy: trustPolicy({ mode: "pin", engine, ...lift, ...settings }, clock),
      store,
      clock,
    },
    { source },
  );
  assert.ok(result.ok || result.error.code === "TRUST_ERROR", JSON.stringify(result));
  const judgment = (result.ok ? result.value.judgment : result.error.judgment) ?? null;
  return {
    judgment,
    outcome: judgment?.outcome ?? "none",
    codes: (judgment?.objects ?? []).map(({ outcome, reasons }) =>
      [outcome, ...reasons.filter(({ weight }) => weight !== "note").map(({ code }) => code)].join(" "),
    ),
  };
}

/** A root of a country, long in force. */
export function csca(
  country: string,
  commonName = "CSCA",
  changes: Parameters<typeof makeRoot>[0] = {},
): Made {
  return makeRoot({ subject: nameOf(country, commonName), ...changes });
}

/** A self-signed CSCA under the name and the key identifier of another. */
export function imitation(victim: Made, number: number): Made {
  const options = cscaOptions({
    subject: victim.built.subject,
    key: makeKey(),
    keyIdentifier: victim.built.keyIdentifier,
    notBefore: at("2019-01-01"),
    notAfter: at("2036-01-01"),
    serialNumber: number,
  });
  const short = new Set(["2.5.29.17", "2.5.29.18", "2.5.29.31", "2.5.29.16"]);
  const built = buildCertificate({
    ...options,
    extensions: (options.extensions ?? []).filter(({ oid }) => !short.has(oid)),
    publicKeyEncoding: { curve: "named" },
  });
  return { built, certificate: parseCertificate(built.der) };
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const dayMs = 24 * 60 * 60 * 1000;
