/**
 * Measures what the verdicts on every certificate of the largest list cost, in a process of its own: `measure-verdicts.ts`.
 *
 * Beside them the bare calls of `crypto.verify` for the same signatures, with keys that were made before, and with keys that
 * each run makes from the certificates; in turns, so that whatever else the machine does slows all alike.
 *
 * @module
 */

import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import {
  type Certificate,
  type CertificateJudgment,
  createPortableEngine,
  describeSignatureAlgorithm,
  judgeCertificates,
  parseMasterList,
} from "cert-parser-core";
import { createNodeEngine, sha256 } from "cert-parser-core/node";
import { largestList } from "./lists.ts";
import { median } from "./processes.ts";

/** What one process measured: medians, in milliseconds. */
export interface Verdicts {
  readonly certificates: number;
  readonly signatures: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly nodeMs: number;
  readonly bareMs: number;
  readonly bareWithKeysMs: number;
  readonly portableMs: number;
  /** Medians of the rounds' own ratios. */
  readonly timesBare: number;
  readonly timesBareWithKeys: number;
}

/** One signature as `crypto.verify` takes it. */
interface Bare {
  readonly algorithm: string;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuer: Certificate;
  readonly key: KeyObject;
  readonly options: Readonly<Record<string, number>>;
}

const { certificates } = parseMasterList(largestList().bytes, { sha256 });
const engine = createNodeEngine();
const judgments = judgeCertificates(certificates, { engine });
const bySha256 = new Map(certificates.map((certificate) => [certificate.sha256, certificate]));
const bare = judgments.flatMap(bareSignature);

function bareSignature({ certificate, issuerSha256 }: CertificateJudgment): readonly Bare[] {
  const issuer = issuerSha256 === undefined ? undefined : bySha256.get(issuerSha256);
  if (issuer === undefined) return [];
  const { scheme, hash, pss } = describeSignatureAlgorithm(certificate.signatureAlgorithm);
  const algorithm = (hash ?? pss?.hash ?? "SHA-256").replace("-", "").toLowerCase();
  const options =
    scheme === "rsa-pss"
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss?.saltLength ?? 20 }
      : {};
  const { tbsCertificate: data, signature } = certificate;
  return [{ algorithm, data, signature: signature.bytes, issuer, key: keyOf(issuer), options }];
}

function keyOf({ publicKey }: Certificate): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey.der), format: "der", type: "spki" });
}

function verifyBare(withKeys: boolean): void {
  let bad = 0;
  for (const { algorithm, data, signature, issuer, key, options } of bare) {
    if (!verify(algorithm, data, { key: withKeys ? keyOf(issuer) : key, ...options }, signature)) bad++;
  }
  if (bad > 0) throw new Error(`${bad} of ${bare.length} signatures are bad to node:crypto`);
}

function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

const judge = () => void judgeCertificates(certificates, { engine });
for (let warmUp = 0; warmUp < 3; warmUp++) {
  judge();
  verifyBare(true);
}
const rounds = Array.from({ length: 15 }, () => ({
  node: timed(judge),
  bare: timed(() => verifyBare(false)),
  bareWithKeys: timed(() => verifyBare(true)),
}));
const portable = createPortableEngine();
const portableRounds = Array.from({ length: 2 }, () =>
  timed(() => void judgeCertificates(certificates, { engine: portable })),
);

const verdicts: Record<string, number> = {};
for (const { verdict } of judgments) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
const measured: Verdicts = {
  certificates: certificates.length,
  signatures: bare.length,
  verdicts,
  nodeMs: median(rounds.map(({ node }) => node)),
  bareMs: median(rounds.map((round) => round.bare)),
  bareWithKeysMs: median(rounds.map(({ bareWithKeys }) => bareWithKeys)),
  portableMs: Math.min(...portableRounds),
  timesBare: median(rounds.map((round) => round.node / round.bare)),
  timesBareWithKeys: median(rounds.map((round) => round.node / round.bareWithKeys)),
};
console.log(JSON.stringify(measured));
