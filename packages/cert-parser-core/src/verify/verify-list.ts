/**
 * Verifies a signed list: Doc 9303-12 sections 9 and 10, RFC 5652.
 *
 * @module
 */

import { type AuthorityPool, type CertificateSources, createAuthorityPool } from "../chain/authority-pool.ts";
import { type BoundedSignatures, createBoundedSignatures } from "../chain/bounded-signatures.ts";
import { failed, isGood, noted, passed, type VerificationStep } from "../chain/verification-step.ts";
import { idIcaoCscaMasterList, idIcaoDeviationList } from "../der/oids.ts";
import type { Finding } from "../findings.ts";
import type { DeviationList } from "../icao/deviation-list.ts";
import type { MasterList } from "../icao/master-list.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureDigest, SignatureEngine } from "../signatures/signature-engine.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Rollover } from "./link-path.ts";
import type { ListContext } from "./list-context.ts";
import { type CandidateSearch, createCandidateSearch } from "./signer-candidates.ts";
import { isIssuer, signingPurpose } from "./signer-profile.ts";
import { resolveAnchors, type TrustAnchor, type TrustEnd, type TrustedKey } from "./trust-anchor.ts";
import { type Publisher, type SignerVerdict, verifySigner } from "./verify-signer.ts";

/** What to verify against. */
export interface VerifyOptions {
  readonly now: Date;
  /** CSCA certificates, or the SHA-256 of some. Not empty: leave it out to verify without. */
  readonly anchors?: readonly TrustAnchor[] | undefined;
  /** Keys of publishers that are pinned, and of those that were rolled away from. */
  readonly trustedKeys?: readonly TrustedKey[] | undefined;
  /** CSCA and link certificates of the store, of its history and of the other accepted sources. */
  readonly authorities?: readonly Certificate[] | undefined;
  /** Whether a certificate is revoked. */
  readonly isRevoked?: ((certificate: Certificate) => boolean) | undefined;
  /** Default: the portable one. */
  readonly engine?: SignatureEngine | undefined;
}

/**
 * What became of a list. Everything but `steps`, `signers` and `findings` is of the signer that is good; where there is
 * none, of the one that came nearest, and then there is a publisher only if nothing was wrong but the trust in it.
 */
export interface ListVerdict {
  readonly outcome: "verified" | "refused";
  /** The checks of the list, then those of that signer, also those that were passed. */
  readonly steps: readonly VerificationStep[];
  /** In the order of the CMS. */
  readonly signers: readonly SignerVerdict[];
  /** Null unless there is a publisher. */
  readonly signingTime: Date | null;
  readonly publisher: Publisher | null;
  /** Null where the publisher is not trusted, or nothing was said to be: then it is unanchored. */
  readonly anchor: TrustEnd | null;
  /** From the signer up. */
  readonly path: readonly Certificate[];
  readonly rollover: Rollover | null;
  readonly leniencies: readonly Leniency[];
  /** Those of the list, then those of the signed attributes; offsets as in the list. */
  readonly findings: readonly Finding[];
}

/** Verifies the signatures of a list and where trust in them comes from. Throws `TypeError` for anchors that are none. */
export async function verifyMasterList(
  list: MasterList | DeviationList,
  options: VerifyOptions,
): Promise<ListVerdict> {
  return verifySignedList(list, options);
}

/** As {@link verifyMasterList}, at once. */
export function verifySignedList(list: MasterList | DeviationList, options: VerifyOptions): ListVerdict {
  const context = listContext(list, options);
  const steps = listSteps(list);
  const signers =
    list.kind === "bare-master-list" ? [] : list.signers.map((signer) => verifySigner(signer, context));
  const chosen = chooseSigner(signers);
  const all = [...steps, ...(chosen?.steps ?? []), ...otherSteps(signers, chosen)];
  const { publisher, anchor, path, rollover } = (isGood(steps) ? chosen : undefined) ?? nobody;
  return {
    outcome: isGood(all) ? "verified" : "refused",
    steps: all,
    signers,
    signingTime: publisher === null ? null : (chosen?.signingTime ?? null),
    publisher,
    anchor,
    path,
    rollover,
    leniencies: chosen?.leniencies ?? [],
    findings: [...list.findings, ...signerFindings(list, signers)],
  };
}

function listContext(list: MasterList | DeviationList, options: VerifyOptions): ListContext {
  const { now, trustedKeys = [], isRevoked, authorities = [], engine = createPortableEngine() } = options;
  const signatures = createBoundedSignatures(engine, maxSignatures);
  const atHand = { authorities, list: list.certificates, envelope: list.envelopeCertificates };
  const anchors =
    options.anchors &&
    resolveAnchors(options.anchors, [authorities, atHand.list, atHand.envelope]).certificates;
  const purpose = signingPurpose(list.kind === "deviation-list" ? "deviation-list" : "master-list");
  const sources = { ...atHand, anchors: anchors ?? [] };
  const pins = trustedKeys.filter(({ retired }) => !retired).map(({ keySha256 }) => keySha256);
  return {
    content: { contentType: contentTypeOf(list), digestOf: digester(list.content, signatures), now },
    purpose,
    candidates: candidatesOf(sources, purpose),
    ends:
      anchors === undefined && trustedKeys.length === 0
        ? undefined
        : [...anchorEnds(sources, signatures), ...pins.map(pinEnd)],
    retired: new Set(trustedKeys.filter(({ retired }) => retired).map(({ keySha256 }) => keySha256)),
    isRevoked,
    signatures,
    poolOf: pools(sources, signatures),
  };
}

function candidatesOf(
  { envelope, anchors, authorities, list }: CertificateSources,
  purpose: string,
): CandidateSearch {
  const beside = createCandidateSearch(() => envelope, purpose);
  const elsewhere = createCandidateSearch(
    () => [...anchors, ...authorities, ...list].filter(isIssuer),
    purpose,
  );
  return (sid) => [...beside(sid), ...elsewhere(sid)];
}

function anchorEnds({ anchors }: CertificateSources, { keySha256 }: BoundedSignatures): readonly TrustEnd[] {
  return anchors.map((certificate) => ({
    type: "anchor",
    keySha256: keySha256(certificate.publicKey),
    certificate,
  }));
}

function pinEnd(keySha256: string): TrustEnd {
  return { type: "pin", keySha256, certificate: null };
}

function digester(content: Uint8Array, { digest }: BoundedSignatures): (name: SignatureDigest) => Uint8Array {
  const known = new Map<SignatureDigest, Uint8Array>();
  return (name) => {
    const octets = known.get(name) ?? digest(name, content);
    known.set(name, octets);
    return octets;
  };
}

function pools(
  sources: CertificateSources,
  { keySha256 }: BoundedSignatures,
): (country: string) => AuthorityPool {
  const known = new Map<string, AuthorityPool>();
  return (country) => {
    const pool = known.get(country) ?? createAuthorityPool(sources, country, keySha256);
    known.set(country, pool);
    return pool;
  };
}

function contentTypeOf({ kind }: MasterList | DeviationList): string {
  return kind === "deviation-list" ? idIcaoDeviationList : idIcaoCscaMasterList;
}

function listSteps(list: MasterList | DeviationList): readonly VerificationStep[] {
  const steps: VerificationStep[] = [];
  if (list.kind === "bare-master-list" || list.signers.length === 0) {
    steps.push(failed("signers", "UNSIGNED", "nobody signed the list", "RFC 5652, 5.1"));
  } else {
    // Reading refuses any other content.
    const message = `SignedData holds content of type ${contentTypeOf(list)}`;
    steps.push(passed("content-type", message, "RFC 5652, 5.2"));
  }
  const rule = list.kind === "deviation-list" ? "Doc 9303-12, 10.2" : "Doc 9303-12, 9.2";
  steps.push(
    list.version === 0
      ? passed("list-version", "the list is of version 0", rule)
      : failed("list-version", "LIST_VERSION", `the list is of version ${list.version}, expected 0`, rule),
  );
  return steps;
}

/** The one that is good, and ends at what is trusted; else the one with most checks behind it. */
function chooseSigner(signers: readonly SignerVerdict[]): SignerVerdict | undefined {
  const good = signers.filter(({ outcome }) => outcome === "verified");
  if (good.length > 0) return good.find(({ anchor }) => anchor !== null) ?? good[0];
  return signers.toSorted((a, b) => merit(b) - merit(a))[0];
}

function merit({ steps, publisher }: SignerVerdict): number {
  return steps.filter(({ result }) => result === "passed").length + (publisher === null ? 0 : maxSteps);
}

/** Of several signers, those that do not count are only said. */
function otherSteps(
  signers: readonly SignerVerdict[],
  chosen: SignerVerdict | undefined,
): readonly VerificationStep[] {
  return signers
    .filter((signer) => signer !== chosen)
    .flatMap(({ steps }) => steps.find(({ result }) => result === "failed") ?? [])
    .slice(0, maxSteps)
    .flatMap(({ code, message }) =>
      code === null
        ? []
        : [noted("signers", code, `another signer is not good: ${message}`, "RFC 5652, 5.3")],
    );
}

/** Offsets in signed attributes become offsets in the list. */
function signerFindings(
  list: MasterList | DeviationList,
  signers: readonly SignerVerdict[],
): readonly Finding[] {
  return signers.flatMap(({ findings }, index) => {
    const start = list.signers[index]?.signedAttrs?.byteOffset ?? 0;
    return findings.map((finding) => ({ ...finding, offset: finding.offset + start - list.der.byteOffset }));
  });
}

const nobody = { publisher: null, anchor: null, path: [], rollover: null } as const;
// A list of the corpus takes two or three; a portable engine tries this many in two seconds.
const maxSignatures = 256;
const maxSteps = 64;
