/**
 * A trust store in memory that keeps facts, and nothing that could be derived from them: what the store of the runner does
 * in SQL, as short as it can be said.
 *
 * @module
 */

import {
  type AuthorityFact,
  type CrlFact,
  type EditionFact,
  err,
  type Known,
  type KnownPublisher,
  ok,
  type RevokedSerial,
  type Snapshot,
  type StoreReport,
  type TrustFacts,
  type TrustState,
  type TrustStore,
  trustStateOf,
} from "cert-parser-core";
import { engine } from "../chain/csca-world.ts";

/** A store, with what a model looks at and what an operator does. */
export interface ModelStore extends TrustStore {
  facts(): Promise<TrustFacts>;
  /** SHA-256 of the certificates that the view `root_ca` shows. */
  rootCa(): Promise<ReadonlySet<string>>;
  approve(source: string, keySha256: string): Promise<void>;
}

/** The one in memory, with what attacks look at and do. */
export interface MemoryStore extends ModelStore {
  state(): TrustState;
  /** The members of an edition, by SHA-256. */
  membersOf(edition: number): ReadonlySet<string>;
  revoke(keySha256: string): void;
}

interface HeldAuthority {
  readonly der: Uint8Array;
  readonly role: string;
  issuerKeySha256: string | null;
}

/** Begins empty. */
export function createMemoryStore(): MemoryStore {
  const editions: EditionFact[] = [];
  const members = new Map<number, Set<string>>();
  const certificates = new Map<string, HeldAuthority>();
  const crls = new Map<string, Omit<CrlFact, "revoked"> & { readonly entries: readonly RevokedSerial[] }>();
  const publishers = new Map<string, KnownPublisher>();
  const holdings = new Map<
    string,
    Map<string, { readonly notAfter: Date; readonly level: "unsigned" | "unverified" | "verified" }>
  >();
  const bundles = new Map<string, { readonly sha256: string; readonly policy: string | null }>();
  const liftedKeys = new Set<string>();
  const revokedKeys = new Set<string>();
  let revision = 0;

  const facts = (): TrustFacts => ({
    editions,
    authorities: [...certificates].flatMap(
      ([sha256, { der, issuerKeySha256, role }]): readonly AuthorityFact[] => {
        const holding = editions.filter(({ id }) => members.get(id)?.has(sha256)).map(({ id }) => id);
        return holding.length === 0 || (role !== "csca" && role !== "link")
          ? []
          : [{ der, issuerKeySha256, editions: holding }];
      },
    ),
    crls: [...crls.values()].map(({ entries, ...crl }) => ({ ...crl, revoked: entries })),
    decisions: { revokedKeys, liftedKeys, joinedKeys: [] },
  });

  const savePin = (source: string, keySha256: string, state: KnownPublisher["state"]) => {
    const at = `${source} ${keySha256}`;
    if (publishers.get(at)?.state !== "approved") publishers.set(at, { source, keySha256, state });
  };

  const saveEditions = ({ source, editions: accepted, certificates: entries, release }: Snapshot) => {
    for (const [at, { publisher, signingTime }] of accepted.entries()) {
      const { keySha256, contentSha256, trust, rolledFrom } = publisher;
      const held = editions.find(
        (edition) =>
          edition.source === source &&
          edition.publisher === keySha256 &&
          edition.contentSha256 === contentSha256 &&
          edition.signingTime.getTime() === signingTime.getTime(),
      );
      const id = held?.id ?? editions.length + 1;
      if (held === undefined) {
        editions.push({
          id,
          source,
          publisher: keySha256,
          signingTime,
          contentSha256,
          rolledFrom,
          endedAt: null,
        });
      }
      const own = entries.filter(({ edition, record }) => edition === at && record.foundIn === "list");
      members.set(id, new Set(own.map(({ record }) => record.sha256)));
      const before = publishers.get(`${source} ${rolledFrom}`)?.state;
      const isApproved =
        trust === "anchor" || trust === "vouched" || release !== null || before === "approved";
      savePin(source, keySha256, isApproved ? "approved" : "pinned");
    }
  };

  const saveCertificates = ({ certificates: entries, signers }: Snapshot) => {
    for (const [sha256, key] of signers) {
      const held = certificates.get(sha256);
      if (held !== undefined) held.issuerKeySha256 ??= key;
    }
    for (const { der, record, standing } of entries) {
      const found = standing?.issuerKeySha256 ?? null;
      const held = certificates.get(record.sha256);
      if (held === undefined)
        certificates.set(record.sha256, { der, role: record.role, issuerKeySha256: found });
      else held.issuerKeySha256 = found ?? held.issuerKeySha256;
    }
  };

  const saveHoldings = ({ source, removals, certificates: entries }: Snapshot) => {
    const before = [...(holdings.get(source) ?? [])];
    const goes = (sha256: string) =>
      removals === "all" || (removals !== "nothing" && removals.certificates.has(sha256));
    const loose = entries.filter(({ edition }) => edition === undefined);
    holdings.set(
      source,
      new Map([
        ...before.filter(([sha256]) => !goes(sha256)),
        ...loose.map(
          ({ record, level = "unverified" }) =>
            [record.sha256, { notAfter: new Date(record.notAfter), level }] as const,
        ),
      ]),
    );
  };

  const saveCrls = (snapshot: Snapshot) => {
    for (const { record, entries, standing } of snapshot.crls) {
      if (standing?.verdict !== "accepted" || standing.issuerKeySha256 === null) continue;
      crls.set(record.sha256, {
        sha256: record.sha256,
        keySha256: standing.issuerKeySha256,
        crlNumber: record.crlNumber,
        thisUpdate: new Date(record.thisUpdate),
        nextUpdate: record.nextUpdate === null ? null : new Date(record.nextUpdate),
        entries: [...entries].map(({ serialNumber, revocationDate, reason }) => ({
          serialNumber,
          revocationDate: new Date(revocationDate),
          reason,
        })),
      });
    }
  };

  return {
    facts: async () => facts(),
    state: () => trustStateOf(facts(), engine),
    membersOf: (edition) => members.get(edition) ?? new Set(),
    revoke(keySha256) {
      revokedKeys.add(keySha256);
      liftedKeys.delete(keySha256);
      revision++;
    },
    async rootCa() {
      const { currentEditions, revokedCertificates } = trustStateOf(facts(), engine);
      const current = [...currentEditions].flatMap((id) => [...(members.get(id) ?? [])]);
      return new Set(current.filter((sha256) => !revokedCertificates.has(sha256)));
    },
    async approve(source, keySha256) {
      publishers.set(`${source} ${keySha256}`, { source, keySha256, state: "approved" });
      revokedKeys.delete(keySha256);
      liftedKeys.add(keySha256);
      revision++;
    },
    async known(source) {
      const last = bundles.get(source);
      const known: Known = {
        source,
        listed: new Map(
          [...(holdings.get(source) ?? [])].map(([sha256, held]) => [sha256, { ...held, isListed: false }]),
        ),
        bundleSha256: last?.sha256 ?? null,
        validators: { etag: null, lastModified: null },
        policy: last?.policy ?? null,
        // Judged anew each time: tests look at what comes of it.
        isStale: true,
        revision,
        trust: {
          facts: facts(),
          publishers: [...publishers.values()],
          carried: new Map(),
          directoryVersion: null,
        },
      };
      return ok(known);
    },
    async apply(snapshot) {
      if (snapshot.revision !== revision) {
        return err({ code: "DATABASE_ERROR", reason: "STORE_CHANGED", message: "judged by another state" });
      }
      revision++;
      saveEditions(snapshot);
      saveCertificates(snapshot);
      saveHoldings(snapshot);
      saveCrls(snapshot);
      bundles.set(snapshot.source, { sha256: snapshot.bundle.sha256, policy: snapshot.policy });
      return ok(nothingCounted);
    },
    async confirm() {
      return ok(undefined);
    },
    async quarantine() {
      return ok(undefined);
    },
  };
}

const nothingCounted: StoreReport = {
  added: 0,
  removed: 0,
  unchanged: 0,
  newToStore: 0,
  crlsAdded: 0,
  revokedAdded: 0,
  rejectionsAdded: 0,
};
