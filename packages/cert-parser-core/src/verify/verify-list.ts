/**
 * Verifies a signed list: Doc 9303-12 sections 9 and 10, RFC 5652.
 *
 * @module
 */

import { type AuthorityIndex, indexAuthorities, keySha256Of } from "../chain/authority-index.ts";
import { type BoundedSignatures, createBoundedSignatures } from "../chain/bounded-signatures.ts";
import { isGood, namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { budgetFor } from "../chain/work-budget.ts";
import { idIcaoCscaMasterList, idIcaoDeviationList } from "../der/oids.ts";
import type { Finding } from "../findings.ts";
import type { DeviationList } from "../icao/deviation-list.ts";
import type { MasterList } from "../icao/master-list.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureDigest, SignatureEngine } from "../signatures/signature-engine.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AuthorityLayer, type AuthorityPool, poolOf } from "./authority-layers.ts";
import type { PublisherRollover } from "./link-path.ts";
import type { ListContext } from "./list-context.ts";
import { signerCandidates } from "./signer-candidates.ts";
import { signingPurpose } from "./signer-profile.ts";
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
  /** Whether a certificate is revoked. A key is revoked with its own root. */
  readonly isRevoked?: ((certificate: Certificate) => boolean) | undefined;
  /** For a test PKI: SHA-1 and short keys are noted, not refused. Default: false. */
  readonly allowWeakAlgorithms?: boolean;
  /** Default: the portable one. */
  readonly engine?: SignatureEngine | undefined;
}

/** What a caller with many lists brings along. */
export interface VerifyResources {
  readonly signatures: BoundedSignatures;
  /** `authorities`, indexed. */
  readonly index: AuthorityIndex;
  readonly isKeyRevoked: (keySha256: string) => boolean;
}

/**
 * What became of a list. All fields except `steps`, `signers` and `findings` describe the accepted signer, or the closest
 * one if none was accepted; then there is a publisher only if nothing was wrong but the trust in it.
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
  readonly rollover: PublisherRollover | null;
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
export function verifySignedList(
  list: MasterList | DeviationList,
  options: VerifyOptions,
  resources: VerifyResources = resourcesFor(list, options),
): ListVerdict {
  const context = listContext(list, options, resources);
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

function resourcesFor(
  { certificates, envelopeCertificates }: MasterList | DeviationList,
  { engine = createPortableEngine(), authorities = [] }: VerifyOptions,
): VerifyResources {
  const parts = certificates.length + envelopeCertificates.length;
  return {
    signatures: createBoundedSignatures(engine, budgetFor(parts)),
    index: indexAuthorities(authorities, { engine }),
    isKeyRevoked: () => false,
  };
}

function listContext(
  list: MasterList | DeviationList,
  options: VerifyOptions,
  { signatures, index, isKeyRevoked }: VerifyResources,
): ListContext {
  const { now, trustedKeys = [], isRevoked, authorities = [], allowWeakAlgorithms = false } = options;
  const { engine } = signatures;
  const { certificates, envelopeCertificates } = list;
  const anchors =
    options.anchors &&
    resolveAnchors(options.anchors, [authorities, certificates, envelopeCertificates]).certificates;
  const purpose = signingPurpose(list.kind === "deviation-list" ? "deviation-list" : "master-list");
  const inside = indexAuthorities(certificates, { engine });
  // Before whatever others have listed under the same name: those keys could use up the work.
  const pinnedIn = (each: AuthorityIndex) =>
    indexAuthorities(
      trustedKeys.flatMap(({ keySha256 }) => each.ofKey(keySha256)?.certificates ?? []),
      { engine },
    );
  const layers: readonly AuthorityLayer[] = [
    { index: indexAuthorities(anchors ?? [], { engine }), isVouchedFor: true },
    { index: pinnedIn(index), isVouchedFor: true },
    { index: pinnedIn(inside), isVouchedFor: false },
    { index, isVouchedFor: true },
    { index: inside, isVouchedFor: false },
    { index: indexAuthorities(envelopeCertificates, { engine }), isVouchedFor: false },
  ];
  // Beside anchors, a key that was rolled away from is no place where trust begins, not even for lists of its own time.
  const pins = trustedKeys.filter(
    ({ retired, since }) => !retired || (anchors === undefined && since !== undefined),
  );
  return {
    content: { contentType: contentTypeOf(list), digestOf: digester(list.content, engine), now },
    purpose,
    candidates: signerCandidates(envelopeCertificates, [anchors ?? [], authorities, certificates], purpose),
    ends:
      anchors === undefined && trustedKeys.length === 0
        ? undefined
        : [
            ...(anchors ?? []).map((anchor) => anchorEnd(anchor, engine)),
            ...pins.map(({ keySha256 }) => pinEnd(keySha256)),
          ],
    retired: new Map(
      trustedKeys.filter(({ retired }) => retired).map(({ keySha256, since }) => [keySha256, since]),
    ),
    isRevoked,
    isKeyRevoked: (key, pool) =>
      isKeyRevoked(key) || (isRevoked !== undefined && hasRevokedRoot(key, pool, isRevoked, signatures)),
    allowWeakAlgorithms,
    signatures,
    poolOf: pools(layers),
  };
}

/**
 * A key is revoked with a root that it gave itself, and with no certificate that another key signed over it: whoever signs
 * one could else revoke a stranger's key.
 */
function hasRevokedRoot(
  key: string,
  pool: AuthorityPool,
  isRevoked: (certificate: Certificate) => boolean,
  signatures: BoundedSignatures,
): boolean {
  return pool
    .ofKey(key)
    .some(
      ({ certificate }) =>
        isRevoked(certificate) &&
        signatures.checkCertificate(certificate, certificate.publicKey).outcome === "valid",
    );
}

function anchorEnd(certificate: Certificate, engine: SignatureEngine): TrustEnd {
  return { type: "anchor", keySha256: keySha256Of(certificate.publicKey, engine), certificate };
}

function pinEnd(keySha256: string): TrustEnd {
  return { type: "pin", keySha256, certificate: null };
}

function digester(content: Uint8Array, engine: SignatureEngine): (name: SignatureDigest) => Uint8Array {
  const known = new Map<SignatureDigest, Uint8Array>();
  return (name) => {
    const octets = known.get(name) ?? engine.digest(name, content);
    known.set(name, octets);
    return octets;
  };
}

function pools(layers: readonly AuthorityLayer[]): (country: string) => AuthorityPool {
  const known = new Map<string, AuthorityPool>();
  return (country) => {
    const pool = known.get(country) ?? poolOf(layers, country);
    known.set(country, pool);
    return pool;
  };
}

function contentTypeOf({ kind }: MasterList | DeviationList): string {
  return kind === "deviation-list" ? idIcaoDeviationList : idIcaoCscaMasterList;
}

function listSteps(list: MasterList | DeviationList): readonly VerificationStep[] {
  const version = namedStep(
    "list-version",
    list.kind === "deviation-list" ? "Doc 9303-12, 10.2" : "Doc 9303-12, 9.2",
  );
  return [
    list.kind === "bare-master-list" || list.signers.length === 0
      ? signersStep.failed("UNSIGNED", "the list has no signer")
      : // Reading refuses any other content.
        contentType.passed(`SignedData holds content of type ${contentTypeOf(list)}`),
    list.version === 0
      ? version.passed("the list is of version 0")
      : version.failed("LIST_VERSION", `the list is of version ${list.version}, expected 0`),
  ];
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
      code === null ? [] : [otherSigners.noted(code, `another signer was refused: ${message}`)],
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
const signersStep = namedStep("signers", "RFC 5652, 5.1");
const otherSigners = namedStep("signers", "RFC 5652, 5.3");
const contentType = namedStep("content-type", "RFC 5652, 5.2");
const maxSteps = 64;
