/**
 * A Master List of the catalogue as a file, with its known answers.
 *
 * @module
 */

import { compareDer } from "../asn1/der-writer.ts";
import { buildMasterList, type MasterListOptions } from "../cms/master-list.ts";
import type { SignerOptions } from "../cms/signed-data.ts";
import { hashes } from "../crypto/hash.ts";
import { algorithmOid, type SignatureAlgorithm, usualAlgorithm } from "../crypto/signature.ts";
import type { FixtureFile, FixtureList, FixtureSigner, FixtureVerdict } from "../manifest.ts";
import type { NameInput } from "../x509/name.ts";
import { type Catalogue, inDerOrder, type Named } from "./catalogue.ts";
import type { NamedRevocationList } from "./crl-rarities.ts";

/** A file before it is measured and written. */
export interface FileDraft extends Omit<FixtureFile, "bytes" | "sha256"> {
  readonly content: Uint8Array;
}

/** What may be wrong with a signerInfo. */
export type Tampering = Pick<
  SignerOptions,
  "changeAttributes" | "changeSignature" | "messageDigest" | "signedAttributes"
>;

/** What a list of the catalogue holds, and who signs it. */
export interface ListDraft {
  readonly name: string;
  readonly description: string;
  /** Such as `zz-passport`; its list signer signs. */
  readonly publisher: string;
  /** Name of another certificate that signs. */
  readonly signer?: string;
  /** Whether the CSCA stands beside the signer. Default true. */
  readonly hasRoot?: boolean;
  readonly signingTime: string;
  readonly certificates: readonly Named[];
  /** `reversed` is DER order from its end. Default `der`. */
  readonly order?: "der" | "reversed";
  /** Elements of certList that are no certificates, or none that can be read. */
  readonly unreadable?: readonly Uint8Array[];
  /** A second one, whose list signer signs as well. */
  readonly coPublisher?: string;
  /** CscaMasterListVersion. */
  readonly listVersion?: number;
  readonly revocationLists?: readonly NamedRevocationList[];
  /** Names of all that stands beside the list. Default: each signer and its CSCA. */
  readonly beside?: readonly string[];
  /** What is wrong with the signerInfo. */
  readonly tampering?: Tampering;
  /** What is to be thought of it. */
  readonly trust?: readonly FixtureVerdict[];
  readonly sid?: "subjectKeyIdentifier" | "issuerAndSerialNumber";
  /** The issuer's name as the sid spells it. */
  readonly sidIssuer?: NameInput;
  readonly signatureAlgorithm?: SignatureAlgorithm;
  readonly digestParameters?: "absent" | "null";
  readonly encoding?: "der" | "ber";
  readonly segmentBytes?: number;
}

/** Builds and signs the list; the envelope holds each signer and its CSCA. */
export function listFile(catalogue: Catalogue, draft: ListDraft): FileDraft {
  const { name, description, publisher, coPublisher, signer, hasRoot = true } = draft;
  const revocationLists =
    draft.revocationLists?.toSorted((left, right) => compareDer(left.der, right.der)) ?? [];
  const publishers = coPublisher === undefined ? [publisher] : [publisher, coPublisher];
  const signers = publishers.map((each) => catalogue.find(signer ?? `${each.slice(0, 2)}-list-signer`));
  const roots = hasRoot ? publishers.map((each) => catalogue.find(catalogue.rootOf(each))) : [];
  const usual = [...signers, ...roots.filter((root) => root.name !== signer)];
  const envelope = inDerOrder(draft.beside?.map(catalogue.find) ?? usual);
  const { der } = buildMasterList(listOptions(draft, signers, envelope));
  const list: FixtureList = {
    ...contentAnswers(draft.certificates, draft),
    envelope: envelope.map((named) => named.name),
    envelopeCertificates: envelope.length,
    crls: revocationLists.length,
    revoked: revocationLists.reduce((sum, { answers }) => sum + answers.revokedCertificates.length, 0),
    signers: signers.map((signer) => signerAnswers(draft, signer)),
  };
  const answers = revocationLists.map((revocationList) => revocationList.answers);
  const trust = draft.trust === undefined ? {} : { trust: draft.trust };
  const file = { name, description, kind: "master-list", content: der, list, ...trust } as const;
  return answers.length === 0 ? file : { ...file, revocationLists: answers };
}

/** The known answers about a list without its CMS. */
export function bareAnswers(certificates: readonly Named[]): FixtureList {
  const content = contentAnswers(certificates, {});
  return { ...content, envelope: [], envelopeCertificates: 0, crls: 0, revoked: 0, signers: [] };
}

function listOptions(
  draft: ListDraft,
  signers: readonly Named[],
  envelope: readonly Named[],
): MasterListOptions {
  const { signingTime, certificates, unreadable = [], listVersion, revocationLists = [] } = draft;
  const { sid, sidIssuer, signatureAlgorithm, digestParameters, encoding, segmentBytes, order } = draft;
  const elements = [...certificates.map(({ certificate }) => certificate.der), ...unreadable];
  return {
    ...(order === "reversed"
      ? { certificates: elements.toSorted(compareDer).toReversed(), order: "given" }
      : { certificates: elements }),
    signers: signers.map(({ certificate }) => ({
      certificate,
      signingTime,
      ...draft.tampering,
      ...(sid && { sid }),
      ...(sidIssuer && { sidIssuer }),
      ...(signatureAlgorithm && { signatureAlgorithm }),
      ...(digestParameters && { digestParameters }),
    })),
    envelopeCertificates: envelope.map(({ certificate }) => certificate.der),
    crls: revocationLists.map(({ der }) => der),
    ...(listVersion && { listVersion }),
    ...(encoding && { encoding }),
    ...(segmentBytes && { segmentBytes }),
  };
}

type ContentAnswers = Pick<FixtureList, "listed" | "certificates" | "distinct" | "countries" | "rejected">;

function contentAnswers(
  certificates: readonly Named[],
  { unreadable = [], order = "der" }: Pick<ListDraft, "unreadable" | "order">,
): ContentAnswers {
  const elements = [
    ...certificates.map(({ name, certificate }) => ({ name, der: certificate.der })),
    ...unreadable.map((der) => ({ name: null, der })),
  ];
  const countries = certificates.flatMap(({ certificate }) => certificate.country ?? []);
  const listed = elements.toSorted((left, right) => compareDer(left.der, right.der)).map(({ name }) => name);
  return {
    listed: order === "der" ? listed : listed.toReversed(),
    certificates: certificates.length,
    distinct: new Set(certificates.map(({ certificate }) => certificate.sha256)).size,
    countries: [...new Set(countries)].toSorted(),
    rejected: unreadable.length,
  };
}

/** The known answers about one signerInfo. */
export function signerAnswers(
  draft: Pick<ListDraft, "sid" | "signatureAlgorithm" | "signingTime" | "tampering">,
  { name, certificate }: Named,
): FixtureSigner {
  const { sid = "subjectKeyIdentifier", signatureAlgorithm = usualAlgorithm(certificate.key) } = draft;
  return {
    certificate: name,
    sid,
    signatureAlgorithm: algorithmOid(signatureAlgorithm),
    digestAlgorithm: hashes[signatureAlgorithm.hash].oid,
    signingTime: draft.tampering?.signedAttributes === "absent" ? null : draft.signingTime,
  };
}
