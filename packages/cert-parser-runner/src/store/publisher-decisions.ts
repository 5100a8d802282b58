/**
 * What operators decide about publishers: approve and revoke, each of which undoes the other by the same names.
 *
 * @module
 */

import type { KnownPublisher } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import { at, digest, storableText } from "./columns.ts";
import { digestPrefix } from "./digest-prefix.ts";
import { endLift, liftKey } from "./key-decisions.ts";
import { type PublisherOverview, readPublishers } from "./publishers.ts";
import { forgetJudgments } from "./sources.ts";
import { storeError } from "./store-error.ts";
import { saveTrustEvent } from "./trust-events.ts";
import { everySource } from "./trust-facts.ts";

/** An operator's word on a publisher. */
export interface PublisherDecision {
  /** Null for every source that has seen the publisher. */
  readonly source: string | null;
  /** The key's SHA-256 in hex, or the beginning of it: at least sixteen digits, and of one key only. */
  readonly key: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * Approves a publisher, also one that was revoked. If a CRL revokes its root or a link to it, or its key was withdrawn, that
 * is lifted for every source. Gives what was changed. Throws `PUBLISHER_UNKNOWN` or `PUBLISHER_AMBIGUOUS`.
 */
export async function approvePublisher(
  transaction: DatabaseTransactionConnection,
  decision: PublisherDecision,
  now: Date,
): Promise<readonly PublisherOverview[]> {
  const chosen = await choosePublishers(transaction, decision);
  const { keySha256 } = chosen[0];
  const isRevokedForAll = chosen.some(({ source }) => source === everySource);
  if (decision.source === null && isRevokedForAll) await forgetForEverySource(transaction, keySha256);
  if (decision.source !== null) await expectNotRevokedForEverySource(transaction, keySha256);
  if (await isHeldBack(transaction, keySha256)) await liftKey(transaction, keySha256, decision, now);
  for (const publisher of chosen) {
    if (publisher.source !== everySource) await writeState(transaction, publisher, "approved", decision, now);
    await saveTrustEvent(transaction, eventOf("approval", publisher, decision, now));
  }
  await forgetJudgments(transaction);
  return chosen;
}

/**
 * Revokes a publisher's key; for every source, also those to come, if none is named. What was lifted of the key counts
 * again. Gives what was changed.
 */
export async function revokePublisher(
  transaction: DatabaseTransactionConnection,
  decision: PublisherDecision,
  now: Date,
): Promise<readonly PublisherOverview[]> {
  const chosen = await choosePublishers(transaction, decision);
  const [first] = chosen;
  const everywhere = decision.source === null ? [{ ...first, source: everySource }] : [];
  const revoked = [...chosen.filter(({ source }) => source !== everySource), ...everywhere];
  await endLift(transaction, first.keySha256, decision, now);
  for (const publisher of revoked) {
    await writeState(transaction, publisher, "revoked", decision, now);
    await saveTrustEvent(transaction, eventOf("revocation", publisher, decision, now));
  }
  await forgetJudgments(transaction);
  return revoked;
}

/** The publishers as they are now. */
export async function readChanged(
  transaction: DatabaseTransactionConnection,
  chosen: readonly PublisherOverview[],
): Promise<readonly PublisherOverview[]> {
  const names = new Set(chosen.map(({ source, keySha256 }) => `${keySha256} ${source}`));
  return (await readPublishers(transaction)).filter(({ source, keySha256 }) =>
    names.has(`${keySha256} ${source}`),
  );
}

/** Whether more than the approval is needed: an approval alone must not lift what a CRL says later. */
function isHeldBack(transaction: DatabaseTransactionConnection, keySha256: string): Promise<boolean> {
  return transaction.exists(sql.unsafe`
    select from certs.keys where key_sha256 = ${digest(keySha256)} and withdrawn_since is not null
    union all
    select from certs.certificates where key_sha256 = ${digest(keySha256)} and revoked_by is not null
  `);
}

async function choosePublishers(
  transaction: DatabaseTransactionConnection,
  { source, key }: PublisherDecision,
): Promise<readonly [PublisherOverview, ...PublisherOverview[]]> {
  const prefix = digestPrefix(key);
  if (prefix === undefined) {
    throw storeError(
      "PUBLISHER_UNKNOWN",
      `${JSON.stringify(key)} is not sixteen or more hexadecimal digits of a key`,
    );
  }
  const named = (await readPublishers(transaction)).filter(({ keySha256 }) => keySha256.startsWith(prefix));
  const own = source === null ? named : named.filter((publisher) => publisher.source === source);
  const [first, ...others] = own.length > 0 ? own : await borrowed(transaction, named, source);
  const place = source === null ? "" : ` of source ${source}`;
  if (first === undefined) {
    throw storeError("PUBLISHER_UNKNOWN", `no publisher${place} has a key that begins with ${prefix}`);
  }
  if (others.some(({ keySha256 }) => keySha256 !== first.keySha256)) {
    throw storeError(
      "PUBLISHER_AMBIGUOUS",
      `several publishers${place} have a key that begins with ${prefix}`,
    );
  }
  return [first, ...others];
}

/** A publisher that only others have taken lists of: what it sent here was refused before anybody could be asked about it. */
async function borrowed(
  transaction: DatabaseTransactionConnection,
  named: readonly PublisherOverview[],
  source: string | null,
): Promise<readonly PublisherOverview[]> {
  if (source === null || named.length === 0) return [];
  const isKnown = await transaction.exists(sql.unsafe`
    select from certs.sources where name = ${source}
    union all
    select from certs.quarantine where source = ${source}
  `);
  return isKnown
    ? [...new Map(named.map((publisher) => [publisher.keySha256, { ...publisher, source }])).values()]
    : [];
}

async function writeState(
  transaction: DatabaseTransactionConnection,
  publisher: PublisherOverview,
  state: KnownPublisher["state"],
  { by, reason }: PublisherDecision,
  now: Date,
): Promise<void> {
  const isApproval = state === "approved";
  await transaction.query(sql.unsafe`
    insert into certs.publishers as held
      (source, key_sha256, country, subject, certificate_sha256, state, first_seen, approved_at, approved_by, approval_reason)
    values (${publisher.source}, ${digest(publisher.keySha256)}, ${storableText(publisher.country)},
      ${storableText(publisher.subject)}, ${digest(publisher.certificateSha256)}, ${state}, ${at(now)},
      case when ${isApproval} then ${at(now)} end, ${isApproval ? storableText(by) : null},
      ${isApproval ? storableText(reason) : null})
    on conflict (source, key_sha256) do update
    set state = excluded.state, approved_at = excluded.approved_at, approved_by = excluded.approved_by,
      approval_reason = excluded.approval_reason
  `);
}

async function forgetForEverySource(
  transaction: DatabaseTransactionConnection,
  keySha256: string,
): Promise<void> {
  await transaction.query(sql.unsafe`
    delete from certs.publishers where source = ${everySource} and key_sha256 = ${digest(keySha256)}
  `);
}

/** An approval for one source alone would change nothing: the row of every source wins. */
async function expectNotRevokedForEverySource(
  transaction: DatabaseTransactionConnection,
  keySha256: string,
): Promise<void> {
  const isRevoked = await transaction.exists(sql.unsafe`
    select from certs.publishers where source = ${everySource} and key_sha256 = ${digest(keySha256)}
  `);
  if (!isRevoked) return;
  throw storeError("PUBLISHER_UNKNOWN", "the key is revoked for every source: approve it without --source");
}

function eventOf(
  kind: "approval" | "revocation",
  { source, keySha256 }: PublisherOverview,
  { by, reason }: PublisherDecision,
  now: Date,
) {
  return { at: now, kind, source, keySha256, by, reason } as const;
}
