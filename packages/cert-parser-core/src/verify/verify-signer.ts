/**
 * Verifies one signer of a list: its attributes, its signature, its certificate, and the path that leads up from it.
 *
 * @module
 */

import type { BoundedCheck } from "../chain/bounded-signatures.ts";
import { isGood, namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { parseSignedAttributes, type SignedAttributes } from "../cms/signed-attributes.ts";
import type { SignerIdentifier, SignerInfo } from "../cms/signer-info.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { formatName } from "../x509/name.ts";
import { upperCountry } from "./authority-layers.ts";
import { findIssuingAuthorities, type Issuer, ownAuthority } from "./issuing-authority.ts";
import type { LinkPath, PathContext, PublisherRollover } from "./link-path.ts";
import type { ListContext } from "./list-context.ts";
import { checkStrength } from "./path-strength.ts";
import { type PublisherTrust, trustPublisher, usableEnds } from "./publisher-trust.ts";
import { checkSignedAttributes } from "./signed-attribute-checks.ts";
import { checkSignerValidity, checkSigningCertificate, leniencySteps } from "./signer-checks.ts";
import { checkSignerProfile, checkSignerUsagePeriod, isIssuer } from "./signer-profile.ts";
import { findSigner } from "./signer-search.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** The CSCA whose key stands behind the signer of a list. */
export interface Publisher {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: what identifies it. */
  readonly keySha256: string;
  /** Upper case. */
  readonly country: string;
  /** RFC 4514. */
  readonly subject: string;
  readonly certificate: Certificate;
}

/** What became of one signer. */
export interface SignerVerdict {
  readonly outcome: "verified" | "refused";
  readonly sid: SignerIdentifier;
  readonly steps: readonly VerificationStep[];
  /** The certificate whose key signed; null where there is none. */
  readonly certificate: Certificate | null;
  /** When the signer says that it signed; null where it does not, or not readably. */
  readonly signingTime: Date | null;
  /** Null unless all but the trust in it is good. */
  readonly publisher: Publisher | null;
  /** What the path ended at; null where the publisher is not trusted, and where nothing was said to be. */
  readonly anchor: TrustEnd | null;
  /** From the signer up; empty where there is no publisher. */
  readonly path: readonly Certificate[];
  readonly rollover: PublisherRollover | null;
  readonly leniencies: readonly Leniency[];
  /** Deviations of the signed attributes; offsets count from their first byte. */
  readonly findings: readonly Finding[];
}

/** Verifies a signer as far as there is anything to verify. */
export function verifySigner(signer: SignerInfo, list: ListContext): SignerVerdict {
  const attributes = readAttributes(signer);
  if (!("der" in attributes)) return verdictOf(signer, { steps: [attributes] });
  const { signingTime, findings } = attributes;
  const steps = [
    attributesStep.passed("the signed attributes are DER, each there once with one value"),
    ...checkSignedAttributes(signer, attributes, list.content),
  ];
  const found = findSigner(signer, attributes, list);
  const whole = { signingTime: signingTime ?? null, findings };
  if (signingTime === undefined || "step" in found) {
    return verdictOf(signer, { ...whole, steps: [...steps, ...("step" in found ? [found] : [])] });
  }
  const judged = found.map(({ certificate, check }) =>
    judgeCandidate(certificate, check, { signer, attributes, signingTime, list }),
  );
  const best = judged.find((candidate) => isGood(candidate.steps)) ?? judged[0];
  return verdictOf(signer, { ...whole, ...best, steps: [...steps, ...(best?.steps ?? [])] });
}

function readAttributes({ signedAttrs }: SignerInfo): SignedAttributes | VerificationStep {
  if (signedAttrs === undefined) {
    return attributesStep.failed("SIGNED_ATTRIBUTES_MISSING", "there are no signed attributes");
  }
  try {
    return parseSignedAttributes(signedAttrs);
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    return attributesStep.failed("SIGNED_ATTRIBUTES_MALFORMED", error.message);
  }
}

type Judged = Pick<
  SignerVerdict,
  "steps" | "certificate" | "publisher" | "anchor" | "path" | "rollover" | "leniencies"
>;

interface Signing {
  readonly signer: SignerInfo;
  readonly attributes: SignedAttributes;
  readonly signingTime: Date;
  readonly list: ListContext;
}

function judgeCandidate(certificate: Certificate, check: BoundedCheck, signing: Signing): Judged {
  const { attributes, signingTime, list } = signing;
  const steps = [
    signerCertificate.passed(`the signer is ${formatName(certificate.subject)}`),
    signature.passed("the signature is that of its key over the attributes"),
    ...leniencySteps("signature", check.leniencies),
    checkSigningCertificate(certificate, attributes, (name, data) =>
      list.signatures.engine.digest(name, data),
    ),
    ...checkSignerProfile(certificate, list.purpose),
    checkSignerValidity(certificate, signingTime, list.content.now),
    checkSignerUsagePeriod(certificate, signingTime),
    checkRevocation(certificate, list),
  ];
  const path = judgePath(certificate, check, signing, isGood(steps));
  return {
    ...path,
    certificate,
    steps: [...steps, ...path.steps],
    leniencies: [...check.leniencies, ...path.leniencies],
  };
}

function checkRevocation(certificate: Certificate, { isRevoked }: ListContext): VerificationStep {
  if (isRevoked === undefined) return revocation.skipped("no revocations are known");
  return isRevoked(certificate)
    ? revocation.failed("ANCHOR_REVOKED", "the signer's certificate is revoked")
    : revocation.passed("the signer's certificate is not revoked");
}

/** The issuer, and the trust in it: of several keys that fit, the one that is trusted. */
function judgePath(
  certificate: Certificate,
  check: BoundedCheck,
  signing: Signing,
  isSound: boolean,
): Omit<Judged, "certificate"> {
  const { signingTime, list } = signing;
  const country = upperCountry(certificate);
  if (country === undefined) {
    return {
      ...nothing,
      steps: [issuer.failed("CHAIN_BROKEN", "the signer's certificate names no country")],
    };
  }
  const context = pathContext(country, signingTime, list);
  const search = isIssuer(certificate)
    ? ownAuthority(certificate, context)
    : findIssuingAuthorities(certificate, context);
  const judged = search.issuers.map((found) => judgeIssuer(certificate, check, found, context, signing));
  const best = judged.find(({ steps }) => isGood(steps)) ?? judged[0];
  if (best === undefined) return { ...nothing, steps: [search.failure] };
  return isSound ? best : { ...nothing, steps: best.steps, leniencies: best.leniencies };
}

function pathContext(country: string, signingTime: Date, list: ListContext): PathContext {
  const { signatures, isRevoked = () => false, ends } = list;
  const retired = new Set(
    [...list.retired].filter(([, since]) => since === undefined || signingTime >= since).map(([key]) => key),
  );
  const pool = list.poolOf(country);
  const context = {
    signatures,
    pool,
    signingTime,
    retired,
    isRevoked,
    isKeyRevoked: (key: string) => list.isKeyRevoked(key, pool),
  };
  return { ...context, trusted: ends && usableEnds(ends, context) };
}

function judgeIssuer(
  certificate: Certificate,
  check: BoundedCheck,
  { authority, leniencies, notes }: Issuer,
  context: PathContext,
  { signer, signingTime, list }: Signing,
): Omit<Judged, "certificate"> {
  const { ends = [], content, allowWeakAlgorithms } = list;
  const trust = trustPublisher(authority, ends, context, content.now);
  const { keySha256 } = authority;
  const subject = formatName(authority.certificate.subject);
  const path = distinct([certificate, ...pathAbove(authority.certificate, trust)]);
  return {
    steps: [
      issuer.passed(`${subject} issued the signer's certificate, or is itself the signer`),
      ...leniencySteps("issuer", leniencies),
      ...notes,
      checkStrength(signer, check, path, { signingTime, allowWeakAlgorithms }),
      ...trust.steps,
    ],
    publisher: { keySha256, country: context.pool.country, subject, certificate: authority.certificate },
    anchor: trust.end,
    path,
    rollover: trust.linkPath && rolloverOf(trust.linkPath),
    leniencies,
  };
}

/** Over links, each stands for the key that it gives; otherwise the anchor itself, or the CSCA's certificate at hand. */
function pathAbove(publisher: Certificate, { end, linkPath }: PublisherTrust): readonly Certificate[] {
  const top = end?.certificate ?? null;
  if (linkPath === null) return [end?.type === "anchor" && top !== null ? top : publisher];
  return [...linkPath.links.toReversed(), ...(top === null ? [] : [top])];
}

/** A CSCA that signed the list itself is its own publisher. */
function distinct(path: readonly Certificate[]): readonly Certificate[] {
  return [...new Map(path.map((certificate) => [certificate.sha256, certificate])).values()];
}

function rolloverOf({ from, to, links }: LinkPath): PublisherRollover {
  return { from, to, links };
}

function verdictOf(
  { sid }: SignerInfo,
  parts: Partial<SignerVerdict> & Pick<SignerVerdict, "steps">,
): SignerVerdict {
  const outcome = isGood(parts.steps) ? "verified" : "refused";
  const whole = {
    ...nothing,
    signingTime: null,
    certificate: null,
    findings: [],
    sid,
    outcome,
    ...parts,
  } as const;
  // What was said before the path was looked at refuses too, and then there is no publisher.
  const before = parts.steps.filter(({ step }) => step !== "anchor");
  return isGood(before) ? whole : { ...whole, publisher: null, anchor: null, path: [], rollover: null };
}

const nothing = {
  publisher: null,
  anchor: null,
  path: [],
  rollover: null,
  leniencies: [],
} as const;
const attributesStep = namedStep("signed-attributes", "RFC 5652, 5.3");
const signerCertificate = namedStep("signer-certificate", "RFC 5652, 5.3");
const signature = namedStep("signature", "RFC 5652, 5.4");
const revocation = namedStep("revocation", "RFC 5280, 6.3");
const issuer = namedStep("issuer", "RFC 5280, 6.1.3");
