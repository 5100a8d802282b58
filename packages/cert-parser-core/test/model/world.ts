/**
 * States that publish and issue, a rogue among them, and what each has made so far: the players of the model.
 *
 * @module
 */

import {
  type BuiltCertificate,
  buildCertificate,
  buildMasterList,
  buildRevocationList,
  cscaOptions,
  documentSignerOptions,
  generateKeyPair,
  type KeyPair,
  linkOptions,
  listSignerOptions,
} from "../../../../test-fixtures/src/builders.ts";
import { keySha256Of } from "../../src/chain/authority-index.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { engine, nameOf } from "../chain/csca-world.ts";

/** A key of a state, with its root and, unless it is the first, the link by its predecessor. */
export interface StateKey {
  readonly root: BuiltCertificate;
  readonly link: BuiltCertificate | undefined;
  readonly keySha256: string;
  /** Serial numbers that its CRLs list. */
  readonly revoked: Set<number>;
  crlNumber: number;
}

/** A signed list as its publisher sent it out. */
export interface Edition {
  readonly publisher: string;
  readonly signingTime: Date;
  readonly der: Uint8Array;
  /** With other certificates, or CRLs, beside the list: whoever passes it on can do that. */
  withEnvelope(certificates: readonly Uint8Array[], crls: readonly Uint8Array[]): Uint8Array;
  readonly members: ReadonlySet<string>;
}

/** A certificate that an honest state issued. */
export interface Issued {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly serialNumber: number;
  readonly issuerKeySha256: string;
  readonly state: string;
}

/** A CRL that a state sent out. */
export interface SentCrl {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly keySha256: string;
  readonly revoked: ReadonlySet<number>;
  readonly thisUpdate: Date;
}

/** A state, or somebody who acts like one. */
export interface State {
  readonly name: string;
  readonly country: string;
  /** The oldest first. */
  readonly keys: StateKey[];
  readonly editions: Edition[];
  readonly crls: SentCrl[];
  readonly issued: Issued[];
  /** A CSCA never uses a serial number again; two of them may use the same. */
  serial: number;
}

/** Keys made once: a history takes them in order. */
export function keyRing(): () => KeyPair {
  let next = 0;
  return () => {
    const key = ring[next] ?? generateKeyPair({ kind: "ec", curve: "P-256" });
    ring[next] = key;
    next++;
    return key;
  };
}
const ring: KeyPair[] = [];

export const day: number = 24 * 60 * 60 * 1000;

/** Begins with one key. */
export function foundState(name: string, country: string, key: KeyPair, now: Date): State {
  const state: State = { name, country, keys: [], editions: [], crls: [], issued: [], serial: 1000 };
  addKey(state, key, now);
  return state;
}

/** Rolls over to a new key. */
export function addKey(state: State, key: KeyPair, now: Date): void {
  const predecessor = state.keys.at(-1);
  const options = {
    subject: nameOf(state.country, `CSCA ${state.name}`),
    key,
    notBefore: time(now),
    notAfter: time(new Date(now.getTime() + 5000 * day)),
    keyNotAfter: time(new Date(now.getTime() + 1200 * day)),
  };
  const root = buildCertificate(cscaOptions({ ...options, serialNumber: nextSerial(state) }));
  const link =
    predecessor &&
    buildCertificate(linkOptions({ ...options, issuer: predecessor.root, serialNumber: nextSerial(state) }));
  const keySha256 = keyOf(root);
  state.keys.push({ root, link, keySha256, revoked: new Set(), crlNumber: 0 });
  for (const [built, issuer] of [
    [root, keySha256],
    [link, predecessor?.keySha256],
  ] as const) {
    if (built !== undefined && issuer !== undefined) record(state, built, issuer);
  }
}

/** Issues a document signer with the newest key. */
export function issueSigner(state: State, key: KeyPair, now: Date): Issued {
  const issuer = newestKey(state);
  const built = buildCertificate(
    documentSignerOptions({
      subject: nameOf(state.country, "Signer"),
      key,
      notBefore: time(now),
      notAfter: time(new Date(now.getTime() + 3000 * day)),
      serialNumber: nextSerial(state),
      issuer: issuer.root,
    }),
  );
  return record(state, built, issuer.keySha256);
}

/** Sends out a CRL of the newest key: everything that it revoked, with these serial numbers, without those. */
export function sendCrl(
  state: State,
  added: readonly number[],
  lifted: readonly number[],
  now: Date,
): SentCrl {
  const key = newestKey(state);
  for (const serialNumber of added) key.revoked.add(serialNumber);
  for (const serialNumber of lifted) key.revoked.delete(serialNumber);
  key.crlNumber++;
  const { der, sha256 } = buildRevocationList({
    issuer: key.root,
    thisUpdate: time(now),
    nextUpdate: time(new Date(now.getTime() + 90 * day)),
    number: key.crlNumber,
    revokedCertificates: [...key.revoked].map((serialNumber) => ({
      serialNumber,
      revocationDate: time(now),
      reason: "superseded" as const,
    })),
  });
  const crl = { der, sha256, keySha256: key.keySha256, revoked: new Set(key.revoked), thisUpdate: now };
  state.crls.push(crl);
  return crl;
}

/** Signs a list of these certificates with the newest key. */
export function publish(state: State, certificates: readonly Uint8Array[], key: KeyPair, now: Date): Edition {
  const { root, keySha256 } = newestKey(state);
  const signer = buildCertificate(
    listSignerOptions({
      subject: nameOf(state.country, "List Signer"),
      key,
      notBefore: time(now),
      notAfter: time(new Date(now.getTime() + 400 * day)),
      serialNumber: nextSerial(state),
      issuer: root,
    }),
  );
  const build = (envelopeCertificates: readonly Uint8Array[], crls: readonly Uint8Array[]) =>
    buildMasterList({
      certificates,
      envelopeCertificates,
      ...(crls.length > 0 && { crls }),
      signers: [{ certificate: signer, signingTime: time(now) }],
    }).der;
  const edition: Edition = {
    publisher: keySha256,
    signingTime: now,
    der: build([signer.der, root.der], []),
    withEnvelope: (more, crls) => build([...more, signer.der, root.der], crls),
    members: new Set(certificates.map((der) => parseCertificate(der).sha256)),
  };
  state.editions.push(edition);
  return edition;
}

/** A certificate by the rogue over somebody else's key, under somebody else's name. */
export function signOver(rogue: State, victim: BuiltCertificate, now: Date, age: number): Uint8Array {
  const { root } = newestKey(rogue);
  return buildCertificate(
    linkOptions({
      subject: victim.subject,
      key: victim.key,
      keyIdentifier: victim.keyIdentifier,
      notBefore: time(new Date(now.getTime() + age * day)),
      notAfter: time(new Date(now.getTime() + 6000 * day)),
      serialNumber: nextSerial(rogue),
      issuer: root,
    }),
  ).der;
}

/** A root under the name and key identifier of somebody else, with the rogue's own key. */
export function imitate(rogue: State, victim: BuiltCertificate, key: KeyPair, now: Date): Uint8Array {
  return buildCertificate(
    cscaOptions({
      subject: victim.subject,
      key,
      keyIdentifier: victim.keyIdentifier,
      notBefore: time(new Date(now.getTime() - 9000 * day)),
      notAfter: time(new Date(now.getTime() + 9000 * day)),
      serialNumber: nextSerial(rogue),
    }),
  ).der;
}

export function newestKey({ keys }: State): StateKey {
  const key = keys.at(-1);
  if (key === undefined) throw new TypeError("a state without a key");
  return key;
}

/** Whole seconds, as certificates have them. */
function time(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

function keyOf({ der }: BuiltCertificate): string {
  return keySha256Of(parseCertificate(der).publicKey, engine);
}

function record(state: State, { der }: BuiltCertificate, issuerKeySha256: string): Issued {
  const { sha256, serialNumber } = parseCertificate(der);
  const issued = {
    der,
    sha256,
    serialNumber: Number(BigInt(`0x${Buffer.from(serialNumber).toString("hex")}`)),
    issuerKeySha256,
    state: state.name,
  };
  state.issued.push(issued);
  return issued;
}

function nextSerial(state: State): number {
  state.serial++;
  return state.serial;
}
