/**
 * One history: what each player does, how it reaches the store, and the promises that hold after each step.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  bundleParser,
  liftableCodes,
  ok,
  type RunReport,
  readBundle,
  sync,
  trustPolicy,
  verifyBundle,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import fc from "fast-check";
import { zipSync } from "fflate";
import { encodeLdif } from "../../../../test-fixtures/src/builders.ts";
import { groundOf, type TrustState, trustStateOf } from "../../src/policy/trust-state.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { engine } from "../chain/csca-world.ts";
import { createMemoryStore, type ModelStore } from "./memory-store.ts";
import {
  addKey,
  day,
  type Edition,
  foundState,
  type Issued,
  imitate,
  issueSigner,
  keyRing,
  newestKey,
  publish,
  type SentCrl,
  type State,
  sendCrl,
  signOver,
} from "./world.ts";

/** What may happen. Numbers choose among what there is, modulo how much there is. */
export type Action =
  | { readonly kind: "tick"; readonly days: number }
  | { readonly kind: "roll" | "sign"; readonly state: number }
  | { readonly kind: "crl"; readonly state: number; readonly revoke: number; readonly lift: boolean }
  | { readonly kind: "publish"; readonly state: number; readonly listsRogue: boolean }
  | { readonly kind: "rogue"; readonly way: RogueWay; readonly state: number; readonly which: number }
  | {
      readonly kind: "deliver";
      readonly state: number;
      readonly source: number;
      readonly age: number;
      readonly wrapping: "envelope" | "ldif" | "plain" | "zip";
      readonly extras: readonly Extra[];
      readonly isLast: boolean;
    };

type RogueWay = "crl" | "empty-crl" | "imitate" | "list" | "over-early" | "over-late" | "roll" | "sign";
type Extra =
  | "honest-crl"
  | "old-crl"
  | "old-list"
  | "rogue-certificates"
  | "rogue-crl"
  | "rogue-list"
  | "signers";

const small = fc.nat(7);
const oneOfStates = fc.nat(2);

/** All of them. */
export const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("tick" as const), days: fc.integer({ min: 1, max: 250 }) }),
  fc.record({ kind: fc.constantFrom("roll" as const, "sign" as const), state: oneOfStates }),
  fc.record({ kind: fc.constant("crl" as const), state: oneOfStates, revoke: small, lift: fc.boolean() }),
  fc.record({ kind: fc.constant("publish" as const), state: fc.nat(1), listsRogue: fc.boolean() }),
  fc.record({
    kind: fc.constant("rogue" as const),
    way: fc.constantFrom<RogueWay>(
      "crl",
      "empty-crl",
      "imitate",
      "list",
      "over-early",
      "over-late",
      "roll",
      "sign",
    ),
    state: oneOfStates,
    which: small,
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("deliver" as const),
      state: fc.nat(1),
      source: fc.nat(1),
      age: fc.nat(2),
      wrapping: fc.constantFrom("envelope" as const, "ldif" as const, "plain" as const, "zip" as const),
      extras: fc.uniqueArray(
        fc.constantFrom<Extra>(
          "honest-crl",
          "old-crl",
          "old-list",
          "rogue-certificates",
          "rogue-crl",
          "rogue-list",
          "signers",
        ),
        { maxLength: 4 },
      ),
      isLast: fc.boolean(),
    }),
  },
);

/** The players, the store, and the clock. */
export class History {
  readonly #store: ModelStore;
  readonly #nextKey = keyRing();
  readonly #states: readonly State[];
  readonly #rogue: State;
  readonly #rogueCertificates: Uint8Array[] = [];
  readonly #everRevoked = new Map<string, string>();
  #now = new Date("2024-01-01T00:00:00Z");

  private constructor(store: ModelStore) {
    this.#store = store;
    this.#states = [
      foundState("Alpha", "AA", this.#nextKey(), this.#now),
      foundState("Beta", "BB", this.#nextKey(), this.#now),
      foundState("Gamma", "CC", this.#nextKey(), this.#now),
    ];
    this.#rogue = foundState("Rogue", "AA", this.#nextKey(), this.#now);
    this.#rogueCertificates.push(newestKey(this.#rogue).root.der);
  }

  /** Two sources with a publisher each, the first of them approved. */
  static async begin(store: ModelStore = createMemoryStore()): Promise<History> {
    const history = new History(store);
    for (const state of [0, 1]) history.#publish(state, false);
    await history.#deliver({
      kind: "deliver",
      state: 0,
      source: 0,
      age: 0,
      wrapping: "plain",
      extras: [],
      isLast: true,
    });
    await history.#store.approve("source-0", newestKey(history.#state(0)).keySha256);
    await history.#deliver({
      kind: "deliver",
      state: 1,
      source: 1,
      age: 0,
      wrapping: "plain",
      extras: [],
      isLast: true,
    });
    await history.check();
    return history;
  }

  async take(action: Action): Promise<void> {
    this.#now = new Date(this.#now.getTime() + day);
    switch (action.kind) {
      case "tick":
        this.#now = new Date(this.#now.getTime() + action.days * day);
        return;
      case "roll":
        addKey(this.#state(action.state), this.#nextKey(), this.#now);
        return;
      case "sign":
        issueSigner(this.#state(action.state), this.#nextKey(), this.#now);
        return;
      case "crl":
        this.#sendCrl(this.#state(action.state), action.revoke, action.lift);
        return;
      case "publish":
        this.#publish(action.state, action.listsRogue);
        return;
      case "rogue":
        this.#actAsRogue(action.way, this.#state(action.state), action.which);
        return;
      case "deliver":
        await this.#deliver(action);
    }
  }

  /** The promises. */
  async check(): Promise<void> {
    const state = trustStateOf(await this.#store.facts(), engine);
    await this.#checkCurrent(state);
    for (const issued of this.#states.flatMap((each) => each.issued)) this.#checkRevocation(issued, state);
    this.#checkKeys(state);
    this.#checkOrder(state);
  }

  /** Nothing is current but the newest accepted edition of each honest publisher. */
  async #checkCurrent(state: TrustState): Promise<void> {
    const { editions } = state.facts;
    const expected = this.#states.flatMap((each) => {
      const keys = new Set(each.keys.map(({ keySha256 }) => keySha256));
      const own = editions.filter(({ publisher }) => keys.has(publisher));
      const newest = Math.max(...own.map(({ signingTime }) => signingTime.getTime()));
      return own.filter(({ signingTime }) => signingTime.getTime() === newest);
    });
    assert.deepEqual(
      [...state.currentEditions].toSorted(),
      expected.map(({ id }) => id).toSorted(),
      "current editions",
    );
    const listed = new Set(
      this.#states.flatMap((each) =>
        each.editions
          .filter(({ publisher, signingTime }) =>
            expected.some(
              (edition) =>
                edition.publisher === publisher && edition.signingTime.getTime() === signingTime.getTime(),
            ),
          )
          .flatMap(({ members }) => [...members]),
      ),
    );
    const shown = [...listed].filter((each) => !state.revokedCertificates.has(each)).toSorted();
    assert.deepEqual([...(await this.#store.rootCa())].toSorted(), shown, "root_ca");
  }

  /** Only a CRL of the state itself revokes, and what it revokes stays so until a newer one of the same key. */
  #checkRevocation(issued: Issued, state: TrustState): void {
    const certificate = parseCertificate(issued.der);
    const ground =
      state.revokedCertificates.get(issued.sha256) ?? groundOf(certificate, issued.issuerKeySha256, state);
    const own = this.#states.find(({ name }) => name === issued.state)?.crls ?? [];
    const accepted = own.filter((crl) => state.facts.crls.some((fact) => fact.sha256 === crl.sha256));
    const lists = (crl: SentCrl | undefined) => crl?.revoked.has(issued.serialNumber) === true;
    if (ground !== undefined) {
      const crl = accepted.find((each) => each.sha256 === ground.crlSha256);
      assert.ok(lists(crl), `${issued.state} ${issued.serialNumber} is revoked by a stranger`);
    }
    if (lists(latestOf(accepted, issued.issuerKeySha256))) {
      assert.ok(
        ground !== undefined,
        `${issued.state} ${issued.serialNumber} is revoked, and the store does not say so`,
      );
    }
    const before = this.#everRevoked.get(issued.sha256);
    if (before !== undefined && ground === undefined) {
      assert.ok(
        !lists(latestOf(accepted, before)),
        `${issued.state} ${issued.serialNumber} is no longer revoked`,
      );
    }
    if (ground === undefined) this.#everRevoked.delete(issued.sha256);
    else this.#everRevoked.set(issued.sha256, ground.keySha256);
  }

  /** A key is revoked with its own root alone, and withdrawn by nobody here: honest lists keep everything. */
  #checkKeys(state: TrustState): void {
    for (const { keys } of this.#states) {
      for (const { keySha256, root } of keys) {
        const isRevoked = state.revokedCertificates.has(parseCertificate(root.der).sha256);
        assert.equal(state.revokedKeys.has(keySha256), isRevoked, "a key is revoked with its root");
        assert.equal(state.withdrawnKeys.has(keySha256), false, "an honest key is withdrawn");
      }
    }
  }

  /** The same facts in another order come to the same. */
  #checkOrder(state: TrustState): void {
    const { facts } = state;
    const turned = trustStateOf(
      {
        ...facts,
        editions: facts.editions.toReversed(),
        authorities: facts.authorities.toReversed(),
        crls: facts.crls.toReversed(),
      },
      engine,
    );
    assert.deepEqual(summary(turned), summary(state), "the order of the facts matters");
  }

  #state(index: number): State {
    const state = this.#states[index];
    assert.ok(state);
    return state;
  }

  #publish(index: number, listsRogue: boolean): void {
    const authorities = this.#states.flatMap(({ keys }) =>
      keys.flatMap(({ root, link }) => [root.der, ...(link === undefined ? [] : [link.der])]),
    );
    const certificates = [...authorities, ...(listsRogue ? this.#rogueCertificates : [])];
    publish(this.#state(index), certificates, this.#nextKey(), this.#now);
  }

  /** Of what the state issued itself. A lifted one is taken off again. */
  #sendCrl(state: State, which: number, lift: boolean): void {
    const chosen = state.issued[which % state.issued.length];
    const serials = chosen === undefined || which === 7 ? [] : [chosen.serialNumber];
    sendCrl(state, lift ? [] : serials, lift ? serials : [], this.#now);
  }

  #actAsRogue(way: RogueWay, victim: State, which: number): void {
    const rogue = this.#rogue;
    const target = victim.keys[which % victim.keys.length];
    const serial = victim.issued[which % victim.issued.length]?.serialNumber ?? 0;
    assert.ok(target);
    switch (way) {
      case "roll":
        addKey(rogue, this.#nextKey(), this.#now);
        for (const built of [newestKey(rogue).root, newestKey(rogue).link]) {
          if (built !== undefined) this.#rogueCertificates.push(built.der);
        }
        return;
      case "over-early":
      case "over-late":
        this.#rogueCertificates.push(
          signOver(rogue, target.root, this.#now, way === "over-early" ? -9000 : 30),
        );
        return;
      case "imitate":
        this.#rogueCertificates.push(imitate(rogue, target.root, this.#nextKey(), this.#now));
        return;
      case "crl":
        sendCrl(rogue, [serial], [], this.#now);
        return;
      case "empty-crl":
        sendCrl(rogue, [], [...newestKey(rogue).revoked], this.#now);
        return;
      case "sign":
        issueSigner(rogue, this.#nextKey(), this.#now);
        return;
      case "list":
        publish(rogue, this.#rogueCertificates, this.#nextKey(), this.#now);
    }
  }

  /** An honest edition, with whatever else the middle puts around it. It goes in, or waits for one approval. */
  async #deliver(action: Action & { readonly kind: "deliver" }): Promise<void> {
    const state = this.#state(action.state);
    const edition = state.editions.at(-1 - Math.min(action.age, state.editions.length - 1));
    assert.ok(edition);
    const bytes = this.#wrap(edition, state, action);
    const source = `source-${action.source}`;
    await this.#sync(bytes, source);
    await this.#checkAgreement(bytes, edition);
    if (action.age > 0 || (await this.#isHeld(edition))) return;
    await this.#store.approve(source, edition.publisher);
    await this.#sync(bytes, source, [edition.publisher]);
    assert.ok(await this.#isHeld(edition), "an honest list was approved, and did not go in");
  }

  async #isHeld({ publisher, signingTime }: Edition): Promise<boolean> {
    const { editions } = await this.#store.facts();
    return editions.some(
      (held) => held.publisher === publisher && held.signingTime.getTime() === signingTime.getTime(),
    );
  }

  #wrap(
    edition: Edition,
    state: State,
    { wrapping, extras, isLast }: Action & { readonly kind: "deliver" },
  ): Uint8Array {
    const { lists, crls, certificates } = this.#extras(state, extras);
    if (wrapping === "plain") return edition.der;
    if (wrapping === "envelope") return edition.withEnvelope(certificates, crls);
    const all = isLast ? [...lists, edition.der] : [edition.der, ...lists];
    if (wrapping === "zip") return zipped(all, certificates, crls);
    return directory(all, certificates, crls);
  }

  #extras(state: State, extras: readonly Extra[]) {
    const rogue = this.#rogue;
    const has = (extra: Extra) => extras.includes(extra);
    return {
      lists: [
        ...(has("old-list") ? state.editions.slice(0, 1).map(({ der }) => der) : []),
        ...(has("rogue-list") ? rogue.editions.slice(-1).map(({ der }) => der) : []),
      ],
      crls: [
        ...(has("honest-crl") ? this.#states.flatMap(({ crls }) => crls.slice(-1)) : []),
        ...(has("old-crl") ? this.#states.flatMap(({ crls }) => crls.slice(0, 1)) : []),
        ...(has("rogue-crl") ? rogue.crls.slice(-2) : []),
      ].map(({ der }) => der),
      certificates: [
        ...(has("rogue-certificates") ? this.#rogueCertificates : []),
        ...(has("signers")
          ? [...this.#states, rogue].flatMap(({ issued }) => issued.slice(-1)).map(({ der }) => der)
          : []),
      ],
    };
  }

  async #sync(
    bytes: Uint8Array,
    source: string,
    liftedFor?: readonly string[],
  ): Promise<RunReport | undefined> {
    const clock = { now: () => this.#now };
    const result = await sync(
      {
        source: { read: async () => ok(bytes) },
        parser: bundleParser({ sha256 }),
        policy: trustPolicy(
          { mode: "pin", engine, ...(liftedFor && { lifted: liftableCodes, liftedFor }) },
          clock,
        ),
        store: this.#store,
        clock,
      },
      { source },
    );
    assert.ok(result.ok || result.error.code === "TRUST_ERROR", JSON.stringify(result));
    return result.ok ? result.value : undefined;
  }

  /** Whatever else is in the file, `verify` finds the publisher that `sync` finds. */
  async #checkAgreement(bytes: Uint8Array, edition: Edition): Promise<void> {
    const bundle = await readBundle(bytes, { sha256 });
    const { objects } = await verifyBundle(bundle, { now: this.#now, engine });
    const same = objects.find(({ verdict }) => verdict?.publisher?.keySha256 === edition.publisher);
    assert.equal(same?.verdict?.outcome, "verified", "verify disagrees");
  }
}

function latestOf(crls: readonly SentCrl[], keySha256: string): SentCrl | undefined {
  return crls
    .filter((crl) => crl.keySha256 === keySha256)
    .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())[0];
}

function zipped(
  lists: readonly Uint8Array[],
  certificates: readonly Uint8Array[],
  crls: readonly Uint8Array[],
): Uint8Array {
  const members = [
    ...lists.map((der, at) => [`list-${at}.ml`, der] as const),
    ...certificates.map((der, at) => [`certificate-${at}.cer`, der] as const),
    ...crls.map((der, at) => [`list-${at}.crl`, der] as const),
  ];
  return zipSync(Object.fromEntries(members), { level: 0 });
}

function directory(
  lists: readonly Uint8Array[],
  certificates: readonly Uint8Array[],
  crls: readonly Uint8Array[],
): Uint8Array {
  const entry = (kind: string, name: string) => (value: Uint8Array, at: number) => ({
    dn: `cn=${kind}${at},o=${kind},c=AA,dc=data,dc=download,dc=pkd,dc=icao,dc=int`,
    lines: [{ name, value }],
  });
  const text = encodeLdif([
    ...lists.map(entry("ml", "pkdMasterListContent")),
    ...certificates.map(entry("dsc", "userCertificate;binary")),
    ...crls.map(entry("crl", "certificateRevocationList;binary")),
  ]);
  return new TextEncoder().encode(text);
}

function summary(state: TrustState) {
  return {
    current: [...state.currentEditions].toSorted(),
    effective: [...state.effectiveCrls].toSorted(),
    certificates: [...state.revokedCertificates.keys()].toSorted(),
    keys: [...state.revokedKeys.keys()].toSorted(),
    withdrawn: [...state.withdrawnKeys.keys()].toSorted(),
    retired: [...state.retiredKeys].map(([key, since]) => `${key} ${since.getTime()}`).toSorted(),
  };
}
