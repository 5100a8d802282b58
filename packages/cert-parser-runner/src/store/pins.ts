/**
 * What an accepted bundle does to the pins of its source.
 *
 * @module
 */

import type { JudgedPublisher, PublisherState, Snapshot } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import { everySource } from "./publishers.ts";
import { instant, storableText } from "./storable-text.ts";
import { storeError } from "./store-error.ts";
import { saveTrustEvent, type TrustEventKind } from "./trust-events.ts";

/** Pins the publishers of the bundle's lists, moves them on, and retires those that were rolled away from. */
export async function savePins(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
): Promise<void> {
  const { source, bundle, observedAt, release } = snapshot;
  const lists = latestLists(snapshot);
  for (const list of lists) await refuseOvertaken(transaction, snapshot, list, lists);
  for (const list of lists) {
    const { publisher } = list;
    const isNew = !(await isPinned(transaction, source, publisher.keySha256));
    await savePin(transaction, snapshot, list);
    const { keySha256, rolledFrom } = publisher;
    const event = { at: observedAt, source, keySha256, bundleSha256: bundle.sha256 };
    if (rolledFrom !== null && isNew) {
      await retire(transaction, source, rolledFrom);
      await saveTrustEvent(transaction, { ...event, kind: "rollover", previousKeySha256: rolledFrom });
    } else if (isNew) {
      const word = publisher.trust === "unknown" ? release : null;
      await saveTrustEvent(transaction, { ...event, ...word, kind: kindOf(publisher) });
    }
  }
  if (release !== null) {
    const event = { at: observedAt, source, bundleSha256: bundle.sha256, ...release };
    await saveTrustEvent(transaction, { ...event, kind: "release" });
  }
}

/** A list is judged before the store is locked: another run, or an operator, may have changed what it was judged by. */
async function refuseOvertaken(
  transaction: DatabaseTransactionConnection,
  { source, release }: Snapshot,
  { publisher: { keySha256, rolledFrom, trust }, signingTime }: PublishedList,
  lists: readonly PublishedList[],
): Promise<void> {
  const own = lists.map(({ publisher }) => publisher.keySha256);
  const isOvertaken = await transaction.exists(sql.unsafe`
    select from certs.publishers
    where (source in (${source}, ${everySource}) and state = 'revoked'
        and encode(key_sha256, 'hex') in (${keySha256}, ${rolledFrom ?? keySha256}))
      or (source = ${source} and encode(key_sha256, 'hex') = ${keySha256}
        and (state = 'retired'
          or (${release === null}::boolean and signing_time > ${instant(signingTime)}::timestamptz)))
      or (${trust === "first-use"}::boolean
        and not (source = ${source} and encode(key_sha256, 'hex') = any(${sql.array(own, "text")}))
        and (source = ${source} or signing_time is not null))
  `);
  if (isOvertaken) {
    throw storeError(
      "BUNDLE_REPLACED",
      `what ${source} trusts has changed since the list was judged: run again`,
    );
  }
}

interface PublishedList {
  readonly publisher: JudgedPublisher;
  readonly signingTime: Date;
}

/** The latest list of each publisher: none that is older is accepted after it. */
function latestLists({ judgments }: Snapshot): readonly PublishedList[] {
  const latest = new Map<string, PublishedList>();
  for (const { outcome, evidence } of judgments) {
    const { publisher = null, signingTime = null, level } = evidence ?? {};
    if (outcome !== "accepted" || level !== "verified" || publisher === null || signingTime === null)
      continue;
    const before = latest.get(publisher.keySha256);
    if (before === undefined || before.signingTime < signingTime) {
      latest.set(publisher.keySha256, { publisher, signingTime });
    }
  }
  return [...latest.values()];
}

function isPinned(
  transaction: DatabaseTransactionConnection,
  source: string,
  keySha256: string,
): Promise<boolean> {
  return transaction.exists(sql.unsafe`
    select from certs.publishers where source = ${source} and key_sha256 = decode(${keySha256}, 'hex')
  `);
}

/** A key that a pinned one rolled over to is as much approved as that was. */
async function savePin(
  transaction: DatabaseTransactionConnection,
  { source, bundle, observedAt, release }: Snapshot,
  { publisher, signingTime }: PublishedList,
): Promise<void> {
  const { keySha256, country, subject, certificateSha256, rolledFrom, contentSha256 } = publisher;
  const { state, by, reason } = approvalOf(publisher, release);
  const at = instant(observedAt);
  await transaction.query(sql.unsafe`
    insert into certs.publishers as held (source, key_sha256, country, subject, certificate_sha256, state, first_seen,
      approved_at, approved_by, approval_reason, signing_time, bundle_sha256, content_sha256)
    select ${source}, decode(${keySha256}, 'hex'), ${storableText(country)}, ${storableText(subject)},
      decode(${certificateSha256}, 'hex'), coalesce(old.state, ${state}), ${at}::timestamptz,
      coalesce(old.approved_at, case when old.state is null and ${state} = 'approved' then ${at}::timestamptz end),
      coalesce(old.approved_by, case when old.state is null then ${by}::text end),
      coalesce(old.approval_reason, case when old.state is null then ${reason}::text end),
      ${instant(signingTime)}::timestamptz, decode(${bundle.sha256}, 'hex'), decode(${contentSha256}, 'hex')
    from (select 1) as one
    left join certs.publishers as old
      on old.source = ${source} and old.key_sha256 = decode(${rolledFrom}, 'hex') and old.state in ('pinned', 'approved')
    on conflict (source, key_sha256) do update
    set signing_time = excluded.signing_time, bundle_sha256 = excluded.bundle_sha256,
      content_sha256 = excluded.content_sha256, certificate_sha256 = excluded.certificate_sha256,
      state = case when held.state = 'pinned' then excluded.state else held.state end,
      approved_at = coalesce(held.approved_at, excluded.approved_at),
      approved_by = coalesce(held.approved_by, excluded.approved_by),
      approval_reason = coalesce(held.approval_reason, excluded.approval_reason)
  `);
}

async function retire(
  transaction: DatabaseTransactionConnection,
  source: string,
  keySha256: string,
): Promise<void> {
  await transaction.query(sql.unsafe`
    update certs.publishers set state = 'retired'
    where source = ${source} and key_sha256 = decode(${keySha256}, 'hex') and state in ('pinned', 'approved')
  `);
}

interface Approval {
  readonly state: PublisherState;
  readonly by: string | null;
  readonly reason: string | null;
}

function approvalOf({ trust }: JudgedPublisher, release: Snapshot["release"]): Approval {
  switch (trust) {
    case "anchor":
      return { state: "approved", by: "TRUST_ANCHORS", reason: null };
    case "vouched":
      return { state: "approved", by: "other sources", reason: "its CSCA is in their lists" };
    case "unknown":
      // Nobody else than an operator lets such a list in.
      return { state: "approved", by: release?.by ?? "operator", reason: release?.reason ?? null };
    case "first-use":
    case "pin":
      return { state: "pinned", by: null, reason: null };
  }
}

function kindOf({ trust }: JudgedPublisher): TrustEventKind {
  if (trust === "anchor") return "anchored";
  if (trust === "vouched") return "vouched";
  return trust === "unknown" ? "approval" : "first-use";
}
