/**
 * The checks of what is no signed list: values of a directory, CRLs, what nobody signed.
 *
 * @module
 */

import type {
  CertificateJudgment,
  CertificateVerdict,
  JudgmentCode,
  NamedStep,
  RevocationListJudgment,
  SignedObject,
} from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { partNames } from "../log/part-names.ts";

/** A check of any object. */
export type ObjectStep = NamedStep<string>;

/** What nobody signed is refused. */
export function unsignedStep({ kind, certificates, crls }: SignedObject): ObjectStep {
  const what = certificates.length + crls.length === 0 ? "there is nothing signed in it" : unsigned[kind];
  return { step: "signers", result: "failed", code: "UNSIGNED", message: what, rule: "RFC 5652, 5.1" };
}

/**
 * Certificates and CRLs that stand by themselves are good where a key that is trusted signed each of them.
 * `trustedKeys` are SHA-256 of SubjectPublicKeyInfo, lower-case hex.
 */
export function looseSteps(
  certificates: readonly CertificateJudgment[],
  trustedKeys: ReadonlySet<string>,
  crls: readonly RevocationListJudgment[],
): readonly ObjectStep[] {
  const [only, ...others] = crls;
  const ofCrls = only !== undefined && others.length === 0 ? only.steps : summarisedCrls(crls);
  return [...certificateSteps(certificates, trustedKeys), ...ofCrls];
}

/** A fingerprint needs its certificate to be found. */
export function missingAnchorStep(sha256: string): ObjectStep {
  const message = `no certificate at hand is the anchor ${sha256}: name its file`;
  return { step: "anchor", result: "noted", code: "ANCHOR_MISMATCH", message, rule: "RFC 5280, 6.1.1" };
}

/** What could not be read: a list cannot be vouched for then, and what stands beside others is said. */
export function readingSteps({ rejections }: SignedObject): readonly ObjectStep[] {
  return Object.entries(Object.groupBy(rejections, ({ kind }) => kind)).map(([kind, rejected = []]) => {
    const [first] = rejected;
    const name = partNames[first?.kind ?? "list"];
    return {
      step: "reading",
      result: kind === "list" ? "failed" : "noted",
      code: null,
      message: `${formatQuantity(rejected.length, name)} could not be read: ${first?.reason.code}, ${first?.reason.message}`,
      rule: "X.690",
    };
  });
}

function certificateSteps(
  certificates: readonly CertificateJudgment[],
  trustedKeys: ReadonlySet<string>,
): readonly ObjectStep[] {
  if (certificates.length === 0) return [];
  const isGood = ({ issuerKeySha256 = "" }: CertificateJudgment) => trustedKeys.has(issuerKeySha256);
  const good = certificates.filter(isGood).length;
  const common = { step: "signature", rule: "RFC 5280, 6.1.3" } as const;
  if (good === certificates.length) {
    const message = `${formatQuantity(good, "certificate")}, each signed by a CSCA that is trusted`;
    return [{ ...common, result: "passed", code: null, message }];
  }
  const bad = certificates.filter((judgment) => !isGood(judgment));
  return [...Map.groupBy(bad, ({ verdict }) => verdict)].map(([verdict, judged]) => {
    const [code, text] = failures[verdict];
    const message = `${formatCount(judged.length)} of ${formatQuantity(certificates.length, "certificate")}: ${text}`;
    return { ...common, result: "failed", code, message };
  });
}

function summarisedCrls(crls: readonly RevocationListJudgment[]): readonly ObjectStep[] {
  const refused = crls.filter(({ outcome }) => outcome === "refused");
  const common = { step: "crls", rule: "RFC 5280, 6.3.3" } as const;
  if (crls.length > 0 && refused.length === 0) {
    const message = `${formatQuantity(crls.length, "CRL")}, each to be applied`;
    return [{ ...common, result: "passed", code: null, message }];
  }
  const byCode = Map.groupBy(refused, ({ steps }) => steps.find(({ result }) => result === "failed")?.code);
  return [...byCode].map(([code = null, judged]) => ({
    ...common,
    result: "failed",
    code,
    message: `${formatCount(judged.length)} of ${formatQuantity(crls.length, "CRL")} cannot be applied`,
  }));
}

const unsigned: Readonly<Record<SignedObject["kind"], string>> = {
  "master-list": "nobody signed the list",
  "bare-master-list": "nobody signed the list",
  "deviation-list": "nobody signed the list",
  certificate: "nobody signed the file; what a certificate says of itself vouches for nothing",
  certificates: "nobody signed the file; what certificates say of themselves vouches for nothing",
  crl: "nobody signed the file",
};

const failures: Readonly<Record<CertificateVerdict, readonly [JudgmentCode, string]>> = {
  root: ["ISSUER_UNKNOWN", "signed by themselves, and by nobody who is trusted"],
  link: ["ISSUER_UNKNOWN", "signed by others of the file, and by nobody who is trusted"],
  "issuer-absent": ["ISSUER_UNKNOWN", "no CSCA that is trusted signed them"],
  unchecked: ["ISSUER_UNKNOWN", "too many keys might be their issuer's"],
  "signature-invalid": ["SIGNATURE_INVALID", "the key that they name did not sign them"],
  "algorithm-unsupported": ["SIGNATURE_UNSUPPORTED", "signed in a way that is not verified here"],
};
