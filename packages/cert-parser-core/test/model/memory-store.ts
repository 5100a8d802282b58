/**
 * The store in memory as a model looks at it: facts, what views would show of them, and what operators decide.
 *
 * @module
 */

import { type TrustFacts, type TrustState, type TrustStore, trustStateOf } from "cert-parser-core";
import { engine } from "../chain/csca-world.ts";
import { createMemoryStore as createStore } from "../policy/memory-store.ts";

/** A store, with what a model looks at and what an operator does. */
export interface ModelStore extends TrustStore {
  facts(): Promise<TrustFacts>;
  /** SHA-256 of the certificates that the view `root_ca` shows. */
  rootCa(): Promise<ReadonlySet<string>>;
  /** Approves the key for the source, and lifts what CRLs and operators said of it. */
  approve(source: string, keySha256: string): Promise<void>;
}

/** The one in memory, with what attacks look at and do. */
export interface MemoryStore extends ModelStore {
  state(): TrustState;
  revoke(keySha256: string): void;
}

/** Begins empty. */
export function createMemoryStore(): MemoryStore {
  const store = createStore();
  const state = () => trustStateOf(store.facts, engine);
  return {
    known: (source, signal) => store.known(source, signal),
    apply: (snapshot, signal) => store.apply(snapshot, signal),
    confirm: (confirmation, signal) => store.confirm(confirmation, signal),
    quarantine: async (entry, signal) => store.quarantine?.(entry, signal) ?? { ok: true, value: undefined },
    facts: async () => store.facts,
    state,
    async rootCa() {
      const { currentEditions, revokedCertificates } = state();
      const current = [...currentEditions].flatMap((id) => [...store.membersOf(id)]);
      return new Set(current.filter((sha256) => !revokedCertificates.has(sha256)));
    },
    async approve(source, keySha256) {
      const { liftedKeys, revokedKeys } = store.facts.decisions;
      store.approve(keySha256, source);
      store.decide({
        liftedKeys: new Set([...liftedKeys, keySha256]),
        revokedKeys: new Set([...revokedKeys].filter((key) => key !== keySha256)),
      });
    },
    revoke(keySha256) {
      const { liftedKeys, revokedKeys } = store.facts.decisions;
      store.decide({
        revokedKeys: new Set([...revokedKeys, keySha256]),
        liftedKeys: new Set([...liftedKeys].filter((key) => key !== keySha256)),
      });
    },
  };
}
