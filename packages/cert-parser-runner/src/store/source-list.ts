/**
 * The sources as operators see them, and how one is removed.
 *
 * @module
 */

import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { at, storableText } from "./columns.ts";
import { endEditions } from "./editions.ts";
import type { Decision } from "./key-decisions.ts";
import { carriage, endPresence, holdings } from "./presence.ts";
import { storeError } from "./store-error.ts";
import { saveTrustEvent } from "./trust-events.ts";

/** A source of which something was accepted. */
export interface ListedSource {
  readonly name: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** Accepted signed lists, past ones too. */
  readonly editions: number;
  /** Of them, those that count now. */
  readonly currentEditions: number;
  /** Certificates that it gives now outside of signed lists. */
  readonly holdings: number;
  /** CRLs that it carries now. */
  readonly crls: number;
  /** Who removed it, and why; null while it is in use. */
  readonly removed: (Decision & { readonly at: Date }) | null;
}

/** An operator's word that a source is not used any more. */
export interface SourceRemoval extends Decision {
  readonly source: string;
}

/** Reads the sources, by name. */
export async function readSourceList(connection: CommonQueryMethods): Promise<readonly ListedSource[]> {
  const rows = await connection.any(sql.type(sourceRow)`
    select source.name, source.first_seen, source.last_seen, source.removed_at, source.removed_by, source.removal_reason,
      coalesce(edition.count, 0)::int4 as editions, coalesce(edition.current, 0)::int4 as current,
      coalesce(holding.count, 0)::int4 as holdings, coalesce(carried.count, 0)::int4 as crls
    from certs.sources as source
    left join (
      select source, count(*) as count, count(*) filter (where is_current) as current from certs.editions group by source
    ) as edition on edition.source = source.name
    left join (
      select source, count(distinct certificate_sha256) as count from certs.holdings
      where until is null and found_in <> 'envelope'
      group by source
    ) as holding on holding.source = source.name
    left join (
      select source, count(distinct crl_sha256) as count from certs.crl_carriage where until is null group by source
    ) as carried on carried.source = source.name
    order by source.name collate "C"
  `);
  return rows.map((row) => {
    const { removed_at: when, removed_by: by, removal_reason: reason } = row;
    return {
      name: row.name,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      editions: row.editions,
      currentEditions: row.current,
      holdings: row.holdings,
      crls: row.crls,
      removed: when === null || by === null || reason === null ? null : { at: when, by, reason },
    };
  });
}

/**
 * Ends all that a source lists. Nothing is deleted, and its accepted CRLs keep their effect. It comes back with the next
 * bundle of that name. Throws `SOURCE_UNKNOWN`.
 */
export async function removeSource(
  transaction: DatabaseTransactionConnection,
  removal: SourceRemoval,
  now: Date,
): Promise<void> {
  const { source } = removal;
  const by = storableText(removal.by);
  const reason = storableText(removal.reason);
  const { rowCount } = await transaction.query(sql.unsafe`
    update certs.sources
    set removed_at = ${at(now)}, removed_by = ${by}, removal_reason = ${reason},
      policy = null, state = null, etag = null, last_modified = null
    where name = ${source} and removed_at is null
  `);
  if (rowCount === 0) throw storeError("SOURCE_UNKNOWN", `no source ${JSON.stringify(source)} is in use`);
  await endEditions(transaction, { source, by, reason }, now);
  await endPresence(transaction, holdings, source, now);
  await endPresence(transaction, carriage, source, now);
  await saveTrustEvent(transaction, { at: now, kind: "source-removal", source, by, reason });
}

const sourceRow = v.object({
  name: v.string(),
  first_seen: v.date(),
  last_seen: v.date(),
  removed_at: v.nullable(v.date()),
  removed_by: v.nullable(v.string()),
  removal_reason: v.nullable(v.string()),
  editions: v.number(),
  current: v.number(),
  holdings: v.number(),
  crls: v.number(),
});
