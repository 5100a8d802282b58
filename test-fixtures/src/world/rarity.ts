/**
 * A row of the tables of rarities, and the certificate that is made of it.
 *
 * @module
 */

import { concat } from "../asn1/der-writer.ts";
import type { KeySpec } from "../crypto/key-pair.ts";
import type { FixtureCertificate } from "../manifest.ts";
import { type BuiltCertificate, buildCertificate, type CertificateOptions } from "../x509/certificate.ts";
import type { NameInput } from "../x509/name.ts";
import { documentSignerOptions } from "../x509/profiles.ts";
import type { KeySource } from "./certificate-plan.ts";
import type { Inhabitant } from "./population.ts";
import { drawBytes } from "./random.ts";

/** One rare certificate: a sound one with one change. */
export interface Rarity {
  readonly id: string;
  readonly description: string;
  /** The publisher whose newest root is changed. Default `xa-passport`, whose key is on P-256. */
  readonly publisher?: string;
  /** Default `csca`: a root. Otherwise a signer under that root is changed, with a key of its own. */
  readonly role?: FixtureCertificate["role"];
  /** The subject's key, where it is another than the root's or the signer's. */
  readonly key?: { readonly name: string; readonly spec: KeySpec };
  readonly change: (sound: CertificateOptions) => Partial<CertificateOptions>;
  /** Known answers that the change makes others. */
  readonly answers?: Partial<FixtureCertificate>;
}

/** A rarity, and the certificate that shows it. */
export interface RareCertificate {
  readonly name: string;
  readonly rarity: Rarity;
  readonly certificate: BuiltCertificate;
  /** The root that was changed, or that issued it. */
  readonly root: Inhabitant;
  /** Name of the subject's key. */
  readonly key: string;
}

/** Makes the certificate of a rarity out of a sound root. */
export function buildRarity(rarity: Rarity, root: Inhabitant, keys: KeySource): RareCertificate {
  const { id, role = "csca", change } = rarity;
  const name = `rare-${id}`;
  const serialNumber = concat(Uint8Array.of(0x52), drawBytes(name, 7));
  const subject = rarity.key ?? (role === "csca" ? undefined : signerKey);
  const key = subject === undefined ? root.plan.options.key : keys(subject.name, subject.spec);
  const sound: CertificateOptions =
    role === "csca"
      ? { ...root.plan.options, key, serialNumber }
      : { ...soundSigner(root), key, serialNumber };
  const certificate = buildCertificate({ ...sound, ...change(sound) });
  return { name, rarity, certificate, root, key: subject?.name ?? root.plan.key };

  function soundSigner({ certificate: issuer }: Inhabitant): CertificateOptions {
    return documentSignerOptions({ issuer, subject: signerName, key, ...signerPeriod });
  }
}

const signerKey = { name: "xa-document-signer", spec: { kind: "ec", curve: "P-256" } } as const;
const signerPeriod = { notBefore: "2026-03-01T00:00:00Z", notAfter: "2036-06-01T00:00:00Z" };
const signerName: NameInput = [
  { type: "C", value: "XA" },
  { type: "CN", value: "Signer XA" },
];
