/**
 * What an accepted bundle does to the pins of its source.
 *
 * @module
 */

import type { JudgedPublisher, KnownPublisher, Snapshot } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import { at, digest, storableText } from "./columns.ts";
import { saveTrustEvent, type TrustEventKind } from "./trust-events.ts";

/** Pins the publishers of the bundle's editions. */
export async function savePins(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
): Promise<void> {
  const { source, bundle, observedAt, release } = snapshot;
  for (const publisher of publishersOf(snapshot)) {
    const { keySha256, rolledFrom, trust } = publisher;
    const isNew = !(await isPinned(transaction, source, keySha256));
    await savePin(transaction, snapshot, publisher);
    if (!isNew) continue;
    const event = { at: observedAt, source, keySha256, bundleSha256: bundle.sha256 };
    if (rolledFrom !== null) {
      await saveTrustEvent(transaction, { ...event, kind: "rollover", previousKeySha256: rolledFrom });
    } else {
      const word = isOperatorsWord(trust) ? release : null;
      await saveTrustEvent(transaction, { ...event, ...word, kind: kindOf(publisher) });
    }
  }
  if (release === null) return;
  const event = { at: observedAt, source, bundleSha256: bundle.sha256, ...release };
  await saveTrustEvent(transaction, { ...event, kind: "release" });
}

/** Each key once, by its latest list. */
function publishersOf({ editions }: Snapshot): Iterable<JudgedPublisher> {
  const inOrder = editions.toSorted((a, b) => a.signingTime.getTime() - b.signingTime.getTime());
  return new Map(inOrder.map(({ publisher }) => [publisher.keySha256, publisher])).values();
}

function isPinned(
  transaction: DatabaseTransactionConnection,
  source: string,
  keySha256: string,
): Promise<boolean> {
  return transaction.exists(sql.unsafe`
    select from certs.publishers where source = ${source} and key_sha256 = ${digest(keySha256)}
  `);
}

/** A key that a pinned one rolled over to is as much approved as that one. */
async function savePin(
  transaction: DatabaseTransactionConnection,
  { source, observedAt, release }: Snapshot,
  publisher: JudgedPublisher,
): Promise<void> {
  const { keySha256, country, subject, certificateSha256, rolledFrom } = publisher;
  const { state, by, reason } = approvalOf(publisher, release);
  await transaction.query(sql.unsafe`
    insert into certs.publishers as held (source, key_sha256, country, subject, certificate_sha256, state, first_seen,
      approved_at, approved_by, approval_reason)
    select ${source}, ${digest(keySha256)}, ${storableText(country)}, ${storableText(subject)},
      ${digest(certificateSha256)}, coalesce(old.state, ${state}), ${at(observedAt)},
      coalesce(old.approved_at, case when old.state is null and ${state} = 'approved' then ${at(observedAt)} end),
      coalesce(old.approved_by, case when old.state is null then ${by}::text end),
      coalesce(old.approval_reason, case when old.state is null then ${reason}::text end)
    from (select 1) as one
    left join certs.publishers as old
      on old.source = ${source} and old.key_sha256 = ${digest(rolledFrom)} and old.state in ('pinned', 'approved')
    on conflict (source, key_sha256) do update
    set certificate_sha256 = excluded.certificate_sha256,
      state = case when held.state = 'pinned' then excluded.state else held.state end,
      approved_at = coalesce(held.approved_at, excluded.approved_at),
      approved_by = coalesce(held.approved_by, excluded.approved_by),
      approval_reason = coalesce(held.approval_reason, excluded.approval_reason)
  `);
}

interface Approval {
  readonly state: KnownPublisher["state"];
  readonly by: string | null;
  readonly reason: string | null;
}

function approvalOf({ trust }: JudgedPublisher, release: Snapshot["release"]): Approval {
  switch (trust) {
    case "anchor":
      return { state: "approved", by: "TRUST_ANCHORS", reason: null };
    case "vouched":
      return { state: "approved", by: "other sources", reason: "its CSCA is in their lists" };
    case "unanchored":
    case "unknown":
      // Only an operator lets such a list in.
      return { state: "approved", by: release?.by ?? "operator", reason: release?.reason ?? null };
    case "first-use":
    case "pin":
      return { state: "pinned", by: null, reason: null };
  }
}

function isOperatorsWord(trust: JudgedPublisher["trust"]): boolean {
  return trust === "unknown" || trust === "unanchored";
}

function kindOf({ trust }: JudgedPublisher): TrustEventKind {
  if (trust === "anchor") return "anchored";
  if (trust === "vouched") return "vouched";
  return isOperatorsWord(trust) ? "approval" : "first-use";
}
