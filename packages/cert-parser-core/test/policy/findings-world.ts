/**
 * A store with a publisher whose list is accepted, for attacks on it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { RevocationList } from "../../src/crl/revocation-list.ts";
import type { ObjectJudgment } from "../../src/policy/judgment.ts";
import { type Made, makeRoot, nameOf } from "../chain/csca-world.ts";
import { type ListChanges, listBytes, makeListSigner, type World } from "../verify/list-world.ts";
import { createMemoryStore, type MemoryStore, type TakeOptions } from "./memory-store.ts";
import { dersOf, entry, ldif } from "./policy-world.ts";

/** A publisher, and the store that took its first list on trust. */
export interface Held {
  readonly store: MemoryStore;
  readonly publisher: World;
  /** A list of the publisher and these certificates. */
  list(certificates: readonly Made[], signingTime?: string, changes?: ListChanges): Uint8Array;
}

/** Makes a store that holds one list, of the publisher and of these certificates. */
export async function hold(...certificates: readonly Made[]): Promise<Held> {
  const store = createMemoryStore();
  const publisher = makePublisher();
  const list: Held["list"] = (listed, signingTime = "2024-05-01T00:00:00Z", changes = {}) =>
    listBytes(publisher, {
      certificates: dersOf([publisher.root, ...listed]),
      signerInfo: { signingTime },
      ...changes,
    });
  await accept(store, list(certificates));
  return { store, publisher, list };
}

/** A publisher of the country XP. */
export function makePublisher(): World {
  const root = makeRoot({ subject: nameOf("XP") });
  return { root, signer: makeListSigner(root, { subject: nameOf("XP", "Master List Signer") }) };
}

/** What signs lists for a CSCA. */
export function worldOf(root: Made): World {
  return { root, signer: makeListSigner(root, { subject: root.built.subject }) };
}

/** Takes a bundle in, all of which must be accepted. Gives the judgments of its objects. */
export async function accept(
  store: MemoryStore,
  bytes: Uint8Array,
  options: TakeOptions = {},
): Promise<readonly ObjectJudgment[]> {
  const run = await store.take(bytes, options);
  assert.ok(run.ok, run.ok ? "" : run.error.message);
  const { judgment } = run.value;
  assert.ok(judgment);
  assert.equal(judgment.outcome, "accepted", JSON.stringify(judgment.objects.map(({ reasons }) => reasons)));
  return judgment.objects;
}

/** The judgments of a bundle, whatever they are; nothing is kept of them. */
export async function look(
  store: MemoryStore,
  bytes: Uint8Array,
  options: TakeOptions = {},
): Promise<readonly ObjectJudgment[]> {
  const run = await store.take(bytes, options);
  const judgment = run.ok ? run.value.judgment : run.error.judgment;
  assert.ok(judgment, run.ok ? "" : run.error.message);
  return judgment.objects;
}

/** A directory of CRLs. */
export function crlFile(...crls: readonly RevocationList[]): Uint8Array {
  return ldif(...crls.map(({ der }, at) => entry(`crl-${at}`, "certificateRevocationList", der)));
}

/** A directory of document signers. */
export function signerFile(...signers: readonly Made[]): Uint8Array {
  return ldif(...signers.map(({ built }, at) => entry(`signer-${at}`, "userCertificate", built.der)));
}

/** The CRL that revokes a document signer, by what the store knows; undefined if none does. */
export async function revokedBy(store: MemoryStore, signer: Made): Promise<string | undefined> {
  const [judgment] = await look(store, signerFile(signer));
  return judgment?.evidence?.certificates.get(signer.certificate.sha256)?.revokedBy?.crlSha256;
}
