/**
 * A store in memory behind the port of `sync`, that keeps facts as they are accepted.
 *
 * @module
 */

import {
  type AuthorityFact,
  bundleParser,
  type CertificateEntry,
  type CrlEntry,
  type CrlFact,
  type EditionFact,
  err,
  type JudgedPublisher,
  type Known,
  type KnownCertificate,
  type KnownPublisher,
  ok,
  type QuarantineEntry,
  type RunReport,
  type Snapshot,
  type StoreReport,
  type SyncError,
  sync,
  type TrustDecisions,
  type TrustFacts,
  type TrustPolicyOptions,
  type TrustState,
  type TrustStore,
  trustPolicy,
  trustStateOf,
} from "cert-parser-core";
import { noFacts } from "../../src/policy/trust-facts.ts";
import type { Result } from "../../src/result.ts";
import { engine } from "../chain/csca-world.ts";
import { now } from "../verify/list-world.ts";

/** How a bundle comes in. */
export interface TakeOptions extends Partial<TrustPolicyOptions> {
  readonly source?: string;
  readonly at?: Date;
}

/** The store, and what it holds. */
export interface MemoryStore extends TrustStore {
  readonly facts: TrustFacts;
  readonly state: TrustState;
  readonly publishers: readonly KnownPublisher[];
  readonly aside: readonly QuarantineEntry[];
  /** Runs the pipeline on these bytes, by mode pin unless told otherwise. */
  take(bytes: Uint8Array, options?: TakeOptions): Promise<Result<RunReport, SyncError>>;
  /** What the source lists at present, by SHA-256. */
  listed(source?: string): ReadonlyMap<string, KnownCertificate>;
  /** What an edition lists, by SHA-256. */
  membersOf(edition: number): ReadonlySet<string>;
  approve(keySha256: string, source?: string): void;
  decide(decisions: Partial<TrustDecisions>): void;
  /** Ends all that a source lists, as an operator does. */
  remove(source: string, at: Date): void;
}

/** Makes an empty one. */
export function createMemoryStore(): MemoryStore {
  const editions: EditionFact[] = [];
  const authorities = new Map<string, AuthorityFact & { readonly editions: number[] }>();
  const members = new Map<number, Map<string, KnownCertificate>>();
  const crls = new Map<string, CrlFact>();
  const loose = new Map<string, Map<string, KnownCertificate>>();
  const versions = new Map<string, number>();
  const pins = new Map<string, KnownPublisher>();
  const aside: QuarantineEntry[] = [];
  let decisions: TrustDecisions = noFacts.decisions;
  let revision = 0;

  const factsOf = (): TrustFacts => ({
    editions: [...editions],
    authorities: [...authorities.values()].map((fact) => ({ ...fact, editions: [...fact.editions] })),
    crls: [...crls.values()],
    decisions,
  });
  const listed = (source = "default"): ReadonlyMap<string, KnownCertificate> => {
    const { currentEditions } = trustStateOf(factsOf(), engine);
    const current = editions.filter((each) => each.source === source && currentEditions.has(each.id));
    return new Map([
      ...(loose.get(source) ?? []),
      ...current.flatMap(({ id }) => [...(members.get(id) ?? [])]),
    ]);
  };

  function addEdition(snapshot: Snapshot, at: number): number {
    const { source } = snapshot;
    const entry = snapshot.editions[at];
    if (entry === undefined) throw new RangeError(`no edition ${at}`);
    const { publisher, signingTime } = entry;
    const { keySha256, contentSha256, rolledFrom } = publisher;
    pin(snapshot, publisher);
    const held = editions.find(
      (each) =>
        each.source === source &&
        each.publisher === keySha256 &&
        each.signingTime.getTime() === signingTime.getTime() &&
        each.contentSha256 === contentSha256,
    );
    if (held !== undefined) return held.id;
    const id = editions.length + 1;
    editions.push({
      id,
      source,
      publisher: keySha256,
      signingTime,
      contentSha256,
      rolledFrom,
      endedAt: null,
    });
    members.set(id, new Map());
    return id;
  }

  function pin({ source, release }: Snapshot, { keySha256, trust, rolledFrom }: JudgedPublisher): void {
    const isApproved =
      trust === "anchor" ||
      trust === "vouched" ||
      release !== null ||
      pins.get(`${source} ${rolledFrom}`)?.state === "approved";
    const before = pins.get(`${source} ${keySha256}`);
    if (before === undefined || (isApproved && before.state === "pinned")) {
      setPin({ source, keySha256, state: isApproved ? "approved" : "pinned" });
    }
  }

  function setPin(publisher: KnownPublisher): void {
    pins.set(`${publisher.source} ${publisher.keySha256}`, publisher);
  }

  function addLoose(source: string, sha256: string, known: KnownCertificate): void {
    const ofSource = loose.get(source) ?? new Map<string, KnownCertificate>();
    loose.set(source, ofSource.set(sha256, known));
  }

  function addCertificate(
    entry: CertificateEntry,
    source: string,
    ids: readonly number[],
    links: ReadonlySet<string>,
  ): void {
    const { record } = entry;
    if (record.foundIn === "envelope" && !links.has(record.sha256)) return;
    const known = toKnown(entry);
    const id = entry.edition === undefined ? undefined : ids[entry.edition];
    if (id === undefined) {
      addLoose(source, record.sha256, known);
      return;
    }
    if (record.foundIn === "list") members.get(id)?.set(record.sha256, known);
    if (known.isAuthority) addAuthority(entry, id);
  }

  function addAuthority({ record, der, standing }: CertificateEntry, edition: number): void {
    const before = authorities.get(record.sha256);
    const held = before?.editions ?? [];
    if (!held.includes(edition)) held.push(edition);
    const issuerKeySha256 = standing?.issuerKeySha256 ?? before?.issuerKeySha256 ?? null;
    authorities.set(record.sha256, { der, issuerKeySha256, editions: held });
  }

  function removeLoose({ source, removals }: Snapshot): void {
    if (removals === "nothing") return;
    if (removals === "all") loose.delete(source);
    else for (const sha256 of removals.certificates) loose.get(source)?.delete(sha256);
  }

  function addTrust({ crls: entries, signers }: Snapshot): void {
    for (const entry of entries) {
      const fact = toFact(entry);
      if (fact !== undefined && !crls.has(fact.sha256)) crls.set(fact.sha256, fact);
    }
    for (const [sha256, issuerKeySha256] of signers) {
      const fact = authorities.get(sha256);
      if (fact?.issuerKeySha256 === null) authorities.set(sha256, { ...fact, issuerKeySha256 });
    }
  }

  return {
    get facts() {
      return factsOf();
    },
    get state() {
      return trustStateOf(factsOf(), engine);
    },
    get publishers() {
      return [...pins.values()];
    },
    aside,
    listed,
    membersOf: (edition) => new Set(members.get(edition)?.keys()),
    async known(source) {
      const known: Known = {
        source,
        listed: listed(source),
        bundleSha256: null,
        validators: { etag: null, lastModified: null },
        revision,
        trust: {
          facts: factsOf(),
          publishers: [...pins.values()],
          carried: new Map(),
          directoryVersion: versions.get(source) ?? null,
        },
      };
      return ok(known);
    },
    async apply(snapshot) {
      const { source } = snapshot;
      if (snapshot.revision !== revision) {
        return err({ code: "DATABASE_ERROR", reason: "STORE_CHANGED", message: "judged by another state" });
      }
      revision++;
      const ids = snapshot.editions.map((_, at) => addEdition(snapshot, at));
      removeLoose(snapshot);
      const links = new Set(snapshot.editions.flatMap(({ publisher }) => publisher.links));
      for (const entry of snapshot.certificates) addCertificate(entry, source, ids, links);
      addTrust(snapshot);
      const seen = snapshot.bundle.directories.flatMap((directory) => directory.versions);
      if (seen.length > 0) versions.set(source, Math.max(versions.get(source) ?? 0, ...seen));
      return ok(nothingCounted);
    },
    confirm: async () => ok(undefined),
    async quarantine(entry) {
      aside.push(entry);
      return ok(undefined);
    },
    async take(bytes, { source = "default", at = now, ...options } = {}) {
      const clock = { now: () => at };
      return sync(
        {
          source: { read: async () => ok(bytes) },
          parser: bundleParser(),
          policy: trustPolicy({ mode: "pin", engine, ...options }, clock),
          store: this,
          clock,
        },
        { source },
      );
    },
    approve(keySha256, source = "default") {
      setPin({ source, keySha256, state: "approved" });
      revision++;
    },
    decide(changes) {
      decisions = { ...decisions, ...changes };
      revision++;
    },
    remove(source, at) {
      for (const [index, edition] of editions.entries()) {
        if (edition.source === source && edition.endedAt === null)
          editions[index] = { ...edition, endedAt: at };
      }
      loose.delete(source);
      revision++;
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

function toKnown({ record, level = "unverified", edition }: CertificateEntry): KnownCertificate {
  return {
    notAfter: new Date(record.notAfter),
    isListed: edition !== undefined,
    level,
    country: record.country,
    isAuthority: record.role === "csca" || record.role === "link",
    origin: record.origin?.name ?? null,
  };
}

function toFact({ record, entries, standing }: CrlEntry): CrlFact | undefined {
  if (standing?.verdict !== "accepted" || standing.issuerKeySha256 === null) return undefined;
  return {
    sha256: record.sha256,
    keySha256: standing.issuerKeySha256,
    crlNumber: record.crlNumber,
    thisUpdate: new Date(record.thisUpdate),
    nextUpdate: record.nextUpdate === null ? null : new Date(record.nextUpdate),
    revoked: [...entries].map(({ serialNumber, revocationDate, reason }) => ({
      serialNumber,
      revocationDate: new Date(revocationDate),
      reason,
    })),
  };
}
