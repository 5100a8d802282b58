/**
 * What a certificate is for, by its content: Doc 9303-12, Table 6.
 *
 * @module
 */

import {
  idIcaoDeviationListSigningKey,
  idIcaoMasterListSigningKey,
  idIcaoVdsSigningKey,
} from "../der/oids.ts";
import type { Certificate } from "./certificate.ts";

/** What a certificate is, as far as its content tells. Whether a `csca` signed itself, only its signature tells. */
export type CertificateRole = "csca" | "link" | "ml-signer" | "dsc" | "dl-signer" | "vds-signer" | "unknown";

/** What the role of a certificate rests on. */
export interface RoleBasis {
  readonly role: CertificateRole;
  /** `signature` where the content leaves open whether it is a root or a link, so that only its signature tells. */
  readonly settledBy: "content" | "signature";
  /** What in the content gave the role. */
  readonly because: string;
}

/** What a role is judged by. */
export interface RoleGrounds {
  /** cA of basicConstraints; undefined where they are absent. */
  readonly cA: boolean | undefined;
  /** The bits of keyUsage, digitalSignature being 0x8000; undefined where it is absent. */
  readonly keyUsage: number | undefined;
  /** extKeyUsage; undefined where it is absent. */
  readonly purposes: readonly string[] | undefined;
  readonly hasDocumentTypeList: boolean;
  /** Whether issuer and subject are one name. */
  readonly isSelfIssued: boolean;
  /** Whether the key identifiers of subject and authority are the same; undefined where one is absent. */
  readonly hasOneKey: boolean | undefined;
}

/** Names the role of a certificate by its extensions and names. */
export function roleOf(certificate: Certificate): CertificateRole {
  return certificate.roleBasis.role;
}

/** Tells what the role of a certificate rests on, and whether only its signature can tell. */
export function roleBasisOf(certificate: Certificate): RoleBasis {
  return certificate.roleBasis;
}

/** Judges the grounds. Gives one of few constants: every certificate of a list has one. */
export function judgeRole(grounds: RoleGrounds): RoleBasis {
  if (isAuthority(grounds)) return judgeAuthority(grounds);
  const { keyUsage, purposes } = grounds;
  if (purposes?.includes(idIcaoMasterListSigningKey)) return bases.masterListSigner;
  if (purposes?.includes(idIcaoDeviationListSigningKey)) return bases.deviationListSigner;
  if (purposes?.includes(idIcaoVdsSigningKey)) return bases.vdsSigner;
  if (grounds.hasDocumentTypeList) return bases.documentTypes;
  if (keyUsage !== undefined && (keyUsage & digitalSignature) !== 0 && !purposes?.length) {
    return bases.documentSigner;
  }
  return bases.unknown;
}

/** The bits that keyUsage should have in a role (Doc 9303-12, Table 6); undefined where any may be. */
export function keyUsageBitsFor(role: CertificateRole): number | undefined {
  if (role === "unknown") return undefined;
  return role === "csca" || role === "link" ? keyCertSign | cRLSign : digitalSignature;
}

/**
 * cA or keyCertSign: eight to ten CSCAs of every list lack the one (Belgium, Italy, Ukraine), China's lack keyUsage. A
 * certificate with neither extension that names itself as its issuer is an old root.
 */
function isAuthority({ cA, keyUsage, purposes, isSelfIssued }: RoleGrounds): boolean {
  if (cA || (keyUsage !== undefined && (keyUsage & keyCertSign) !== 0)) return true;
  if (cA !== undefined || keyUsage !== undefined || purposes !== undefined) return false;
  return isSelfIssued;
}

/**
 * By the key identifiers where there are both, otherwise by the names. In the ten lists of the corpus, all 393
 * certificates with two that are the same had signed themselves, and none of the 286 with two that differ; nor did any
 * of them that names another issuer. A link of an unchanged name is the rule: Doc 9303-12, 4.2.
 */
function judgeAuthority({ isSelfIssued, hasOneKey }: RoleGrounds): RoleBasis {
  if (hasOneKey === undefined) return isSelfIssued ? bases.rootByNames : bases.linkByNames;
  if (!hasOneKey) return bases.linkByKeys;
  return isSelfIssued ? bases.rootByKeys : bases.rootOfTwoNames;
}

const digitalSignature = 0x8000;
const keyCertSign = 0x0400;
const cRLSign = 0x0200;

const bases = {
  rootByKeys: basis("csca", "content", "it is a CA that names itself and its own key as its issuer"),
  rootByNames: basis(
    "csca",
    "signature",
    "it is a CA that names itself as its issuer, and lacks a key identifier that would tell with which key",
  ),
  rootOfTwoNames: basis(
    "csca",
    "signature",
    "it is a CA whose key identifiers name its own key as its issuer's, and whose names are two",
  ),
  linkByKeys: basis("link", "content", "it is a CA whose key identifiers name another key as its issuer's"),
  linkByNames: basis("link", "content", "it is a CA that names another issuer"),
  masterListSigner: basis("ml-signer", "content", "extKeyUsage is for signing Master Lists"),
  deviationListSigner: basis("dl-signer", "content", "extKeyUsage is for signing Deviation Lists"),
  vdsSigner: basis("vds-signer", "content", "extKeyUsage is for signing visible digital seals"),
  documentTypes: basis("dsc", "content", "it has a documentTypeList"),
  documentSigner: basis(
    "dsc",
    "content",
    "keyUsage has digitalSignature, and extKeyUsage names nothing else",
  ),
  unknown: basis("unknown", "content", "nothing in it tells a role that Doc 9303-12 has"),
} as const;

function basis(role: CertificateRole, settledBy: RoleBasis["settledBy"], because: string): RoleBasis {
  return Object.freeze({ role, settledBy, because });
}
