/**
 * Signed lists of a small publisher, right or wrong in one thing, and what verifying makes of them.
 *
 * @module
 */

import {
  buildCertificate,
  buildMasterList,
  type CertificateOptions,
  listSignerOptions,
  type MasterListOptions,
  type SignerOptions,
} from "../../../../test-fixtures/src/builders.ts";
import { type MasterList, parseMasterList } from "../../src/icao/master-list.ts";
import { type ListVerdict, type VerifyOptions, verifySignedList } from "../../src/verify/verify-list.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { type Changes, engine, type Made, makeKey, makeRoot, nameOf } from "../chain/csca-world.ts";

/** A month after the lists are signed. */
export const now: Date = new Date("2024-06-01T00:00:00Z");
export const signingTime = "2024-05-01T00:00:00Z";

/** A list signer of two years and a half around the signing time. */
export function makeListSigner(issuer: Made, changes: Changes = {}): Made {
  const { change = (options: CertificateOptions) => options, ...fields } = changes;
  const options = listSignerOptions({
    subject: nameOf("UT", "Master List Signer"),
    key: makeKey(),
    notBefore: "2023-01-01T00:00:00Z",
    notAfter: "2025-07-01T00:00:00Z",
    serialNumber: 77,
    issuer: issuer.built,
    ...fields,
  });
  const built = buildCertificate(change(options));
  return { built, certificate: parseCertificate(built.der) };
}

/** Who publishes: a CSCA, and the signer that it issued. */
export interface World {
  readonly root: Made;
  readonly signer: Made;
}

export function makeWorld(changes: Changes = {}): World {
  const root = makeRoot();
  return { root, signer: makeListSigner(root, changes) };
}

/** What may differ from a good list. */
export interface ListChanges extends Partial<Omit<MasterListOptions, "signers">> {
  /** Of the one signer. */
  readonly signerInfo?: Partial<SignerOptions>;
  readonly signers?: readonly SignerOptions[];
}

/** The bytes of a list of the CSCA and two others. */
export function listBytes({ root, signer }: World, changes: ListChanges = {}): Uint8Array {
  const { signerInfo, ...options } = changes;
  return buildMasterList({
    certificates: [root.built.der, ...neighbours.map(({ built }) => built.der)],
    envelopeCertificates: [signer.built.der, root.built.der],
    signers: [{ certificate: signer.built, signingTime, ...signerInfo }],
    ...options,
  }).der;
}

export function makeList(world: World, changes: ListChanges = {}): MasterList {
  return parseMasterList(listBytes(world, changes));
}

/** Verifies against the publisher's CSCA as the anchor. */
export function verify(
  { root }: Pick<World, "root">,
  list: MasterList,
  options: Partial<VerifyOptions> = {},
): ListVerdict {
  return verifySignedList(list, { now, engine, anchors: [root.certificate], ...options });
}

const neighbours = [makeRoot({ subject: nameOf("XA") }), makeRoot({ subject: nameOf("XB") })];
