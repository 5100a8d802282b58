/**
 * Whether the CSCA behind a list is one that is trusted, or one that a trusted one has handed over to.
 *
 * @module
 */

import type { VerificationCode } from "../chain/verification-code.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { formatTime } from "../der/time.ts";
import { formatName } from "../x509/name.ts";
import { type Authority, upperCountry } from "./authority-layers.ts";
import { findLinkPath, type LinkPath, type PathContext } from "./link-path.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** Where trust in a publisher comes from. */
export interface PublisherTrust {
  readonly steps: readonly VerificationStep[];
  /** Null where nothing was said to be trusted, and where the publisher is not. */
  readonly end: TrustEnd | null;
  readonly linkPath: LinkPath | null;
}

/** Looks for the publisher's key among the trusted ones, then for links that lead to it. */
export function trustPublisher(
  publisher: Authority,
  ends: readonly TrustEnd[],
  context: PathContext,
  now: Date,
): PublisherTrust {
  const { keySha256, certificate } = publisher;
  const { trusted, retired } = context;
  const name = formatName(certificate.subject);
  if (retired.has(keySha256)) {
    return refusal(
      "PUBLISHER_RETIRED",
      `the key of ${name} was replaced by its successor: it signs no new lists`,
    );
  }
  if (trusted === undefined) {
    const message = `no trust anchors configured; ${name} is unanchored`;
    return { steps: [anchorStep.skipped(message)], end: null, linkPath: null };
  }
  const end = trusted.get(keySha256);
  if (end !== undefined) return { steps: [endStep(end, name, now)], end, linkPath: null };
  const linkPath = findLinkPath(keySha256, trusted, context);
  if (linkPath === undefined) return noPath(publisher, ends, context);
  const steps = [endStep(linkPath.end, name, now), rolloverStep(linkPath, name)];
  return { steps, end: linkPath.end, linkPath };
}

/** What trust may begin with: no retired or revoked key, and no anchor that was not valid when the list was signed. */
export function usableEnds(
  ends: readonly TrustEnd[],
  context: Omit<PathContext, "trusted">,
): ReadonlyMap<string, TrustEnd> {
  const usable = new Map<string, TrustEnd>();
  for (const end of ends) {
    if (context.retired.has(end.keySha256) || usable.has(end.keySha256)) continue;
    if (isRevokedEnd(end, context) || isOutOfTime(end, context)) continue;
    const certificate = end.certificate ?? context.pool.ofKey(end.keySha256)[0]?.certificate ?? null;
    usable.set(end.keySha256, { ...end, certificate });
  }
  return usable;
}

function isRevokedEnd(
  { keySha256, certificate }: TrustEnd,
  context: Pick<PathContext, "isKeyRevoked" | "isRevoked">,
): boolean {
  return context.isKeyRevoked(keySha256) || (certificate !== null && context.isRevoked(certificate));
}

/** A pin is a key, which has no validity of its own. */
function isOutOfTime(
  { type, certificate }: TrustEnd,
  { signingTime }: Pick<PathContext, "signingTime">,
): boolean {
  if (type === "pin" || certificate === null) return false;
  return signingTime < certificate.notBefore || signingTime > certificate.notAfter;
}

function noPath(publisher: Authority, ends: readonly TrustEnd[], context: PathContext): PublisherTrust {
  const name = `${formatName(publisher.certificate.subject)} (key ${publisher.keySha256})`;
  const country = upperCountry(publisher.certificate);
  const ofCountry = ends.filter(
    ({ certificate }) => certificate === null || upperCountry(certificate) === country,
  );
  if (ofCountry.some((end) => isRevokedEnd(end, context))) {
    return refusal("ANCHOR_REVOKED", `${name} is not trusted, and a certificate that was is revoked`);
  }
  const outOfTime = ofCountry.find((end) => isOutOfTime(end, context))?.certificate;
  const instant = formatTime(context.signingTime);
  const message = outOfTime
    ? `no path leads from ${name} to an anchor that was valid at ${instant}: ${formatName(outOfTime.subject)} was not`
    : `no path leads from ${name} to what is trusted`;
  return refusal("ANCHOR_MISMATCH", message);
}

function refusal(code: VerificationCode, message: string): PublisherTrust {
  return { steps: [anchorStep.failed(code, message)], end: null, linkPath: null };
}

function endStep({ type, certificate, keySha256 }: TrustEnd, name: string, now: Date): VerificationStep {
  if (type === "pin" || certificate === null) {
    return anchorStep.passed(`the path of ${name} ends at the pinned key ${keySha256}`);
  }
  const anchor = `the anchor ${formatName(certificate.subject)} (${certificate.sha256})`;
  if (certificate.notAfter < now) {
    const message = `${anchor} has expired at ${formatTime(certificate.notAfter)}; it was valid when the list was signed`;
    return anchorStep.noted("ANCHOR_EXPIRED", message);
  }
  return anchorStep.passed(`the path of ${name} ends at ${anchor}`);
}

function rolloverStep({ from, links }: LinkPath, name: string): VerificationStep {
  const message = `${links.length} link certificates lead from the trusted key ${from} to the new one of ${name}`;
  return rollover.noted("ROLLOVER", message);
}

const anchorStep = namedStep("anchor", "RFC 5280, 6.1.1");
const rollover = namedStep("rollover", "Doc 9303-12, 4.2");
