/**
 * Writes what follows from the facts: which editions, CRLs and certificates count now. A row is written if it differs.
 *
 * @module
 */

import { type SignatureEngine, type TrustState, trustStateOf } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { saveAnchors } from "./anchors.ts";
import {
  at,
  byteaFromHex,
  type Column,
  columnNames,
  digests,
  hexColumn,
  instant,
  storableOptionalText,
  unnestRows,
} from "./columns.ts";
import { saveKeys } from "./keys.ts";
import { raiseRevision } from "./revision.ts";
import { saveTrustEvent } from "./trust-events.ts";
import { readTrustFacts } from "./trust-facts.ts";

/** What the state is derived with, and when. */
export interface Derivation {
  readonly engine: Pick<SignatureEngine, "digest">;
  readonly now: Date;
}

/**
 * Does the work, derives the state from all facts anew, and raises the revision. A CRL that counts and that no source
 * carries any more after the work is noted.
 */
export async function changeFacts<T>(
  transaction: DatabaseTransactionConnection,
  derivation: Derivation,
  source: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly state: TrustState }> {
  const carried = await readEffective(transaction, true);
  const result = await work();
  const state = await deriveState(transaction, derivation);
  const dropped = new Set(await readEffective(transaction, false));
  for (const crlSha256 of carried.filter((sha256) => dropped.has(sha256))) {
    await saveTrustEvent(transaction, { at: derivation.now, kind: "crl-dropped", source, crlSha256 });
  }
  await raiseRevision(transaction);
  return { result, state };
}

async function deriveState(
  transaction: DatabaseTransactionConnection,
  { engine, now }: Derivation,
): Promise<TrustState> {
  const state = trustStateOf(await readTrustFacts(transaction), engine);
  await saveCurrentEditions(transaction, state);
  await saveRevocations(transaction, state);
  await saveEffectiveCrls(transaction, state, now);
  await saveKeys(transaction, state);
  await saveAnchors(transaction, now);
  return state;
}

async function saveCurrentEditions(
  transaction: DatabaseTransactionConnection,
  { currentEditions }: TrustState,
): Promise<void> {
  await transaction.query(sql.unsafe`
    update certs.editions as edition set is_current = wanted.is_current
    from (
      select id, id = any(${sql.array([...currentEditions], "int4")}) as is_current from certs.editions
    ) as wanted
    where edition.id = wanted.id and edition.is_current <> wanted.is_current
  `);
}

interface Revocation {
  readonly sha256: string;
  readonly crlSha256: string;
  readonly reason: string | null;
  readonly revokedAt: Date;
}

async function saveRevocations(
  transaction: DatabaseTransactionConnection,
  { revokedCertificates }: TrustState,
): Promise<void> {
  const rows = await transaction.any(sql.type(revokedRow)`
    select sha256, revoked_by, revocation_reason, revoked_at from certs.certificates where revoked_by is not null
  `);
  const held = new Map(
    rows.map(({ sha256, revoked_by: crlSha256, revocation_reason: reason, revoked_at: revokedAt }) => [
      sha256,
      { sha256, crlSha256, reason, revokedAt },
    ]),
  );
  const wanted = [...revokedCertificates].map(([sha256, { crlSha256, reason, revocationDate }]) => ({
    sha256,
    crlSha256,
    reason,
    revokedAt: revocationDate,
  }));
  const changed = wanted.filter((each) => {
    const before = held.get(each.sha256);
    return before === undefined || textOf(before) !== textOf(each);
  });
  if (changed.length > 0) {
    await transaction.query(sql.unsafe`
      update certs.certificates as certificate
      set revoked_by = incoming.revoked_by, revocation_reason = incoming.revocation_reason,
        revoked_at = incoming.revoked_at
      from ${unnestRows(revocationColumns, changed)} as incoming (${columnNames(revocationColumns)})
      where certificate.sha256 = incoming.sha256
    `);
  }
  const lifted = [...held.keys()].filter((sha256) => !revokedCertificates.has(sha256));
  if (lifted.length === 0) return;
  await transaction.query(sql.unsafe`
    update certs.certificates set revoked_by = null, revocation_reason = null, revoked_at = null
    where sha256 = any(${digests(lifted)})
  `);
}

/** Beside what the state says, CRLs that nobody looked at, while somebody carries them: TRUST_MODE=off. */
async function saveEffectiveCrls(
  transaction: DatabaseTransactionConnection,
  { effectiveCrls }: TrustState,
  now: Date,
): Promise<void> {
  await transaction.query(sql.unsafe`
    update certs.revocation_lists as list set is_effective = wanted.is_effective, updated_at = ${at(now)}
    from (
      select sha256, verdict = 'accepted' and sha256 = any(${digests(effectiveCrls)})
        or verdict = 'unchecked' and carried.crl_sha256 is not null as is_effective
      from certs.revocation_lists
      left join (
        select distinct crl_sha256 from certs.crl_carriage where until is null
      ) as carried on carried.crl_sha256 = sha256
    ) as wanted
    where list.sha256 = wanted.sha256 and list.is_effective <> wanted.is_effective
  `);
}

/** The accepted CRLs that count, by whether a source carries them. */
function readEffective(
  transaction: DatabaseTransactionConnection,
  isCarried: boolean,
): Promise<readonly string[]> {
  return transaction.anyFirst(sql.type(v.object({ sha256: hexColumn }))`
    select sha256 from certs.revocation_lists
    left join (
      select distinct crl_sha256 from certs.crl_carriage where until is null
    ) as carried on carried.crl_sha256 = sha256
    where is_effective and verdict = 'accepted' and (carried.crl_sha256 is not null) = ${isCarried}
    order by sha256
  `);
}

function textOf({ crlSha256, reason, revokedAt }: Revocation): string {
  return `${crlSha256} ${reason} ${revokedAt.getTime()}`;
}

const revocationColumns: readonly Column<Revocation>[] = [
  { name: "sha256", type: "bytea", value: ({ sha256 }) => byteaFromHex(sha256) },
  { name: "revoked_by", type: "bytea", value: ({ crlSha256 }) => byteaFromHex(crlSha256) },
  { name: "revocation_reason", type: "text", value: ({ reason }) => storableOptionalText(reason) },
  { name: "revoked_at", type: "timestamptz", value: ({ revokedAt }) => instant(revokedAt) },
];

const revokedRow = v.object({
  sha256: hexColumn,
  revoked_by: hexColumn,
  revocation_reason: v.nullable(v.string()),
  revoked_at: v.date(),
});
