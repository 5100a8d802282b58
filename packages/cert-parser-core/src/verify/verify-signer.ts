/**
 * Verifies one signer of a list: its attributes, its signature, its certificate, and the path that leads up from it.
 *
 * @module
 */

import { upperCountry } from "../chain/authority-pool.ts";
import type { BoundedCheck } from "../chain/bounded-signatures.ts";
import { failed, isGood, passed, skipped, type VerificationStep } from "../chain/verification-step.ts";
import { parseSignedAttributes, type SignedAttributes } from "../cms/signed-attributes.ts";
import type { SignerIdentifier, SignerInfo } from "../cms/signer-info.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { formatName } from "../x509/name.ts";
import { findIssuers, type Issuer, ownAuthority } from "./issuing-authority.ts";
import type { LinkPath, Rollover } from "./link-path.ts";
import type { ListContext } from "./list-context.ts";
import type { PathContext } from "./path-context.ts";
import { type PublisherTrust, trustPublisher, usableEnds } from "./publisher-trust.ts";
import { checkSignedAttributes } from "./signed-attribute-checks.ts";
import {
  checkSignerValidity,
  checkSigningCertificate,
  checkStrength,
  leniencySteps,
} from "./signer-checks.ts";
import { checkSignerProfile, isIssuer } from "./signer-profile.ts";
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
  readonly rollover: Rollover | null;
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
    passed(
      "signed-attributes",
      "the signed attributes are DER, each there once with one value",
      "RFC 5652, 5.3",
    ),
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
  const [step, rule] = ["signed-attributes", "RFC 5652, 5.3"] as const;
  if (signedAttrs === undefined) {
    return failed(step, "SIGNED_ATTRIBUTES_MISSING", "there are no signed attributes", rule);
  }
  try {
    return parseSignedAttributes(signedAttrs);
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    return failed(step, "SIGNED_ATTRIBUTES_MALFORMED", error.message, rule);
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
  const { signer, attributes, signingTime, list } = signing;
  const steps = [
    passed("signer-certificate", `the signer is ${formatName(certificate.subject)}`, "RFC 5652, 5.3"),
    passed("signature", "the signature is that of its key over the attributes", "RFC 5652, 5.4"),
    ...leniencySteps("signature", check.leniencies),
    checkStrength(signer, check, signingTime),
    checkSigningCertificate(certificate, attributes, list.signatures.digest),
    checkSignerProfile(certificate, list.purpose),
    checkSignerValidity(certificate, signingTime, list.content.now),
    checkRevocation(certificate, list),
  ];
  const path = judgePath(certificate, signingTime, list, isGood(steps));
  return {
    ...path,
    certificate,
    steps: [...steps, ...path.steps],
    leniencies: [...check.leniencies, ...path.leniencies],
  };
}

function checkRevocation(certificate: Certificate, { isRevoked }: ListContext): VerificationStep {
  const [step, rule] = ["revocation", "RFC 5280, 6.3"] as const;
  if (isRevoked === undefined) return skipped(step, "nothing was said to be revoked", rule);
  return isRevoked(certificate)
    ? failed(step, "ANCHOR_REVOKED", "the signer's certificate is revoked", rule)
    : passed(step, "the signer's certificate is not revoked", rule);
}

/** The issuer, and the trust in it: of several keys that fit, the one that is trusted. */
function judgePath(
  certificate: Certificate,
  signingTime: Date,
  list: ListContext,
  isSound: boolean,
): Omit<Judged, "certificate"> {
  const country = upperCountry(certificate);
  if (country === undefined) {
    const message = "the signer's certificate names no country";
    return { ...nothing, steps: [failed("issuer", "CHAIN_BROKEN", message, "Doc 9303-12, Table 5")] };
  }
  const context = pathContext(country, signingTime, list);
  const search = isIssuer(certificate)
    ? ownAuthority(certificate, context)
    : findIssuers(certificate, context);
  const judged = search.issuers.map((issuer) => judgeIssuer(certificate, issuer, country, context, list));
  const best = judged.find(({ steps }) => isGood(steps)) ?? judged[0];
  if (best === undefined) return { ...nothing, steps: [search.failure] };
  return isSound ? best : { ...nothing, steps: best.steps, leniencies: best.leniencies };
}

function pathContext(country: string, signingTime: Date, list: ListContext): PathContext {
  const { signatures, retired, isRevoked = () => false, ends } = list;
  const context = { signatures, pool: list.poolOf(country), signingTime, retired, isRevoked };
  return { ...context, trusted: ends && usableEnds(ends, context) };
}

function judgeIssuer(
  certificate: Certificate,
  { authority, leniencies }: Issuer,
  country: string,
  context: PathContext,
  { ends = [], content }: ListContext,
): Omit<Judged, "certificate"> {
  const trust = trustPublisher(authority, ends, context, content.now);
  const { keySha256 } = authority;
  const subject = formatName(authority.certificate.subject);
  const message = `${subject} issued the signer's certificate, or is itself the signer`;
  return {
    steps: [
      passed("issuer", message, "RFC 5280, 6.1.3"),
      ...leniencySteps("issuer", leniencies),
      ...trust.steps,
    ],
    publisher: { keySha256, country, subject, certificate: authority.certificate },
    anchor: trust.end,
    path: distinct([certificate, ...pathAbove(authority.certificate, trust)]),
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

function rolloverOf({ from, to, links }: LinkPath): Rollover {
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
