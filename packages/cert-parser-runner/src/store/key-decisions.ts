/**
 * What operators decide about keys, for every source: what CRLs say of a root is lifted, two keys are one CSCA.
 *
 * @module
 */

import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { at, digest, hexColumn, storableText } from "./columns.ts";
import { digestPrefix } from "./digest-prefix.ts";
import { forgetJudgments } from "./sources.ts";
import { storeError } from "./store-error.ts";
import { saveTrustEvent } from "./trust-events.ts";
import { everySource } from "./trust-facts.ts";

/** An operator's word. */
export interface Decision {
  readonly by: string;
  readonly reason: string;
}

/** An operator's word on two keys. */
export interface KeyPairDecision extends Decision {
  /** Each key's SHA-256 in hex, or the beginning of it: at least sixteen digits, and of one key only. */
  readonly keys: readonly [string, string];
}

/** Two keys that an operator declared to be of one CSCA, SHA-256 each. */
export interface JoinedKeys extends Decision {
  readonly keys: readonly [string, string];
  readonly at: Date;
}

/** Has the key stay good whatever CRLs say of its root. */
export async function liftKey(
  transaction: DatabaseTransactionConnection,
  keySha256: string,
  { by, reason }: Decision,
  now: Date,
): Promise<void> {
  await transaction.query(sql.unsafe`
    insert into certs.key_decisions (kind, key_sha256, decided_at, decided_by, reason)
    values ('lifted', ${digest(keySha256)}, ${at(now)}, ${storableText(by)}, ${storableText(reason)})
    on conflict (kind, key_sha256, joined_key_sha256) do update
    set decided_at = excluded.decided_at, decided_by = excluded.decided_by, reason = excluded.reason
  `);
  await saveTrustEvent(transaction, { at: now, kind: "lift", source: everySource, keySha256, by, reason });
}

/** Has CRLs count for the key again, if that was lifted. */
export async function endLift(
  transaction: DatabaseTransactionConnection,
  keySha256: string,
  { by, reason }: Decision,
  now: Date,
): Promise<void> {
  const { rowCount } = await transaction.query(sql.unsafe`
    delete from certs.key_decisions where kind = 'lifted' and key_sha256 = ${digest(keySha256)}
  `);
  if (rowCount === 0) return;
  await saveTrustEvent(transaction, {
    at: now,
    kind: "lift-ended",
    source: everySource,
    keySha256,
    by,
    reason,
  });
}

/** Declares two keys to be of one CSCA though no link joins them. Throws `KEY_UNKNOWN` or `KEY_AMBIGUOUS`. */
export async function joinKeys(
  transaction: DatabaseTransactionConnection,
  decision: KeyPairDecision,
  now: Date,
): Promise<JoinedKeys> {
  const keys = await chooseKeys(transaction, decision);
  const { by, reason } = decision;
  await transaction.query(sql.unsafe`
    insert into certs.key_decisions (kind, key_sha256, joined_key_sha256, decided_at, decided_by, reason)
    values ('joined', ${digest(keys[0])}, ${digest(keys[1])}, ${at(now)}, ${storableText(by)}, ${storableText(reason)})
    on conflict (kind, key_sha256, joined_key_sha256) do update
    set decided_at = excluded.decided_at, decided_by = excluded.decided_by, reason = excluded.reason
  `);
  await savePairEvent(transaction, "join", keys, decision, now);
  return { keys, at: now, by, reason };
}

/** Takes that back. Throws `KEY_UNKNOWN` if the two were not joined. */
export async function partKeys(
  transaction: DatabaseTransactionConnection,
  decision: KeyPairDecision,
  now: Date,
): Promise<void> {
  const keys = await chooseKeys(transaction, decision);
  const { rowCount } = await transaction.query(sql.unsafe`
    delete from certs.key_decisions
    where kind = 'joined' and key_sha256 = ${digest(keys[0])} and joined_key_sha256 = ${digest(keys[1])}
  `);
  if (rowCount === 0) throw storeError("KEY_UNKNOWN", "the two keys were not joined");
  await savePairEvent(transaction, "part", keys, decision, now);
}

/** Reads the pairs that are joined. */
export async function readJoinedKeys(
  transaction: DatabaseTransactionConnection,
): Promise<readonly JoinedKeys[]> {
  const rows = await transaction.any(sql.type(joinedRow)`
    select key_sha256, joined_key_sha256, decided_at, decided_by, reason from certs.key_decisions
    where kind = 'joined'
    order by decided_at, key_sha256, joined_key_sha256
  `);
  return rows.map((row) => ({
    keys: [row.key_sha256, row.joined_key_sha256],
    at: row.decided_at,
    by: row.decided_by,
    reason: row.reason,
  }));
}

async function savePairEvent(
  transaction: DatabaseTransactionConnection,
  kind: "join" | "part",
  [keySha256, previousKeySha256]: readonly [string, string],
  { by, reason }: Decision,
  now: Date,
): Promise<void> {
  const event = { at: now, kind, source: everySource, keySha256, previousKeySha256, by, reason };
  await saveTrustEvent(transaction, event);
  await forgetJudgments(transaction);
}

/** The lower key first, as a pair is kept. */
async function chooseKeys(
  transaction: DatabaseTransactionConnection,
  { keys: [one, other] }: KeyPairDecision,
): Promise<readonly [string, string]> {
  const known = await transaction.anyFirst(sql.type(v.object({ key_sha256: hexColumn }))`
    select key_sha256 from certs.keys union select key_sha256 from certs.publishers order by key_sha256
  `);
  const [a, b] = [chooseKey(known, one), chooseKey(known, other)];
  if (a === b) throw storeError("KEY_AMBIGUOUS", "both names are of one key");
  return a < b ? [a, b] : [b, a];
}

function chooseKey(known: readonly string[], text: string): string {
  const prefix = digestPrefix(text);
  if (prefix === undefined) {
    throw storeError(
      "KEY_UNKNOWN",
      `${JSON.stringify(text)} is not sixteen or more hexadecimal digits of a key`,
    );
  }
  const [found, ...others] = known.filter((key) => key.startsWith(prefix));
  if (found === undefined) throw storeError("KEY_UNKNOWN", `no key begins with ${prefix}`);
  if (others.length > 0) throw storeError("KEY_AMBIGUOUS", `several keys begin with ${prefix}`);
  return found;
}

const joinedRow = v.object({
  key_sha256: hexColumn,
  joined_key_sha256: hexColumn,
  decided_at: v.date(),
  decided_by: v.string(),
  reason: v.string(),
});
