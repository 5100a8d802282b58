/**
 * Which source lists which certificate, and since when no longer.
 *
 * @module
 */

import type { CertificateEntry, CertificateRecord, KnownCertificate, TrustLevel } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { batches } from "./batches.ts";
import { byteaFromHex, byteaFromOptionalHex } from "./bytea.ts";
import { type Column, columnNames, unnestRows } from "./columns.ts";
import type { Observation } from "./observation.ts";
import { instant, storableOptionalText } from "./storable-text.ts";
import { throwIfCancelled } from "./store-lock.ts";

/** One certificate as a source lists it, however often it does. */
export interface Listing {
  /** The record of its first occurrence. */
  readonly record: CertificateRecord;
  readonly occurrences: number;
  readonly level: TrustLevel;
  /** A certificate of the key that signed it, and that key; null where none was found. */
  readonly issuerSha256: string | null;
  readonly issuerKeySha256: string | null;
}

/**
 * The listings of a snapshot: one for each certificate and place where it was found. Of several lists that hold it, the one
 * with most behind it says its level and its issuer. What no policy looked at is unsigned where `isUnsigned` says so.
 */
export function listingsOf(entries: Iterable<CertificateEntry>, isUnsigned = false): readonly Listing[] {
  const listings = new Map<string, Listing>();
  for (const entry of entries) {
    const { record } = entry;
    const key = `${record.sha256} ${record.foundIn}`;
    const known = listings.get(key);
    const listing = listingOf(entry, isUnsigned);
    if (known === undefined) listings.set(key, listing);
    else {
      const first = record.index < known.record.index ? record : known.record;
      const best = ranks[listing.level] > ranks[known.level] ? listing : known;
      const { verdict } = best.record;
      listings.set(key, { ...best, record: { ...first, verdict }, occurrences: known.occurrences + 1 });
    }
  }
  return [...listings.values()];
}

function listingOf({ record, level, standing }: CertificateEntry, isUnsigned: boolean): Listing {
  return {
    record,
    occurrences: 1,
    level: level ?? (isUnsigned && record.foundIn !== "envelope" ? "unsigned" : "unverified"),
    issuerSha256: standing?.issuerSha256 ?? null,
    issuerKeySha256: standing?.issuerKeySha256 ?? null,
  };
}

const ranks: Readonly<Record<TrustLevel, number>> = { verified: 2, unverified: 1, unsigned: 0 };

/**
 * What a source lists now, by SHA-256, as the policy compares it; the envelope's certificates are beside the list. Where
 * nothing of the source was ever judged, as after an upgrade, that it is unverified is not said: it is compared all the same.
 */
export async function readListed(
  connection: CommonQueryMethods,
  source: string,
  isUnjudged = false,
): Promise<ReadonlyMap<string, KnownCertificate>> {
  const rows = await connection.any(sql.type(listedRow)`
    select encode(certificate.sha256, 'hex') as sha256,
      (extract(epoch from certificate.not_after) * 1000)::float8 as not_after,
      certificate.country, certificate.role in ('csca', 'link') as is_authority, listing.level, listing.origin
    from (
      select certificate_sha256, max(origin) as origin,
        case when bool_or(level = 'verified') then 'verified' when bool_or(level = 'unsigned') then 'unsigned'
          else 'unverified' end as level
      from certs.listings
      where source = ${source} and absent_since is null and found_in <> 'envelope'
      group by certificate_sha256
    ) as listing
    join certs.certificates as certificate on certificate.sha256 = listing.certificate_sha256
  `);
  return new Map(
    rows.map(({ sha256, not_after, country, is_authority: isAuthority, level, origin }) => [
      sha256,
      {
        notAfter: new Date(not_after),
        country,
        isAuthority,
        origin,
        ...(isUnjudged && level === "unverified" ? {} : { level }),
      },
    ]),
  );
}

/**
 * Brings the listings of a source in step: new ones, those that came back, and those that are absent now: all others, or
 * those of `removals` where the bundle is a delta.
 */
export async function saveListings(
  transaction: DatabaseTransactionConnection,
  listings: readonly Listing[],
  observation: Observation,
  signal: AbortSignal,
  removals: ReadonlySet<string> | null = null,
): Promise<void> {
  for (const batch of batches(listings, batchSize)) {
    throwIfCancelled(signal);
    await transaction.query(saveBatch(batch, observation));
  }
  throwIfCancelled(signal);
  await transaction.query(
    removals === null ? markAbsent(listings, observation) : markRemoved(listings, removals, observation),
  );
  if (observation.bundleIsNew) await transaction.query(markSeen(observation));
}

function saveBatch(batch: readonly Listing[], { source, observedAt, bundleIsNew }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    with incoming as (
      select * from ${unnestRows(columns, batch)} as incoming (${columnNames(columns)})
    ), inserted as (
      insert into certs.listings (source, ${columnNames(columns)}, first_seen, last_seen, updated_at)
      select ${source}, ${columnNames(columns, "incoming")},
        ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      from incoming
      on conflict do nothing
    )
    update certs.listings as held
    set position = incoming.position, occurrences = incoming.occurrences, verdict = incoming.verdict,
      level = incoming.level, issuer_sha256 = incoming.issuer_sha256, issuer_key_sha256 = incoming.issuer_key_sha256,
      origin = incoming.origin,
      last_seen = case when ${bundleIsNew} then greatest(held.last_seen, ${at}::timestamptz) else held.last_seen end,
      absent_since = null,
      updated_at = case when held.absent_since is null and held.level = incoming.level then held.updated_at
        else ${at}::timestamptz end
    from incoming
    where held.source = ${source}
      and held.certificate_sha256 = incoming.certificate_sha256 and held.found_in = incoming.found_in
      and (${bundleIsNew} or held.absent_since is not null
        or (held.position, held.occurrences, held.verdict, held.level, held.issuer_sha256, held.issuer_key_sha256,
            held.origin)
          is distinct from (incoming.position, incoming.occurrences, incoming.verdict, incoming.level,
            incoming.issuer_sha256, incoming.issuer_key_sha256, incoming.origin))
  `;
}

function markAbsent(listings: readonly Listing[], { source, observedAt, previouslySeen }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    update certs.listings as held
    set absent_since = ${at}::timestamptz, updated_at = ${at}::timestamptz,
      last_seen = greatest(held.last_seen, ${previouslySeen && instant(previouslySeen)}::timestamptz)
    where held.source = ${source} and held.absent_since is null
      and not exists (
        select from ${unnestRows(keyColumns, listings)} as present (${columnNames(keyColumns)})
        where present.certificate_sha256 = held.certificate_sha256 and present.found_in = held.found_in
      )
  `;
}

/** What the delta adds again, under whatever entry, does not leave with it. */
function markRemoved(
  listings: readonly Listing[],
  removals: ReadonlySet<string>,
  { source, observedAt, previouslySeen }: Observation,
) {
  const at = instant(observedAt);
  const present = new Set(listings.map(({ record }) => record.sha256));
  const gone = [...removals].filter((sha256) => !present.has(sha256));
  return sql.unsafe`
    update certs.listings as held
    set absent_since = ${at}::timestamptz, updated_at = ${at}::timestamptz,
      last_seen = greatest(held.last_seen, ${previouslySeen && instant(previouslySeen)}::timestamptz)
    where held.source = ${source} and held.absent_since is null and held.found_in = 'ldif'
      and held.certificate_sha256 in (
        select decode(sha256, 'hex') from unnest(${sql.array(gone, "text")}) as removed (sha256)
      )
  `;
}

function markSeen({ source, observedAt }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    update certs.certificates as certificate
    set last_seen = ${at}::timestamptz
    where certificate.last_seen < ${at}::timestamptz
      and certificate.sha256 in (
        select certificate_sha256 from certs.listings where source = ${source} and absent_since is null
      )
  `;
}

const batchSize = 1000;

const keyColumns: readonly Column<Listing>[] = [
  { name: "certificate_sha256", type: "bytea", value: ({ record }) => byteaFromHex(record.sha256) },
  { name: "found_in", type: "text", value: ({ record }) => record.foundIn },
];

const columns: readonly Column<Listing>[] = [
  ...keyColumns,
  { name: "position", type: "int4", value: ({ record }) => record.index },
  { name: "occurrences", type: "int4", value: ({ occurrences }) => occurrences },
  { name: "verdict", type: "text", value: ({ record }) => record.verdict },
  { name: "level", type: "text", value: ({ level }) => level },
  { name: "issuer_sha256", type: "bytea", value: ({ issuerSha256 }) => byteaFromOptionalHex(issuerSha256) },
  {
    name: "issuer_key_sha256",
    type: "bytea",
    value: ({ issuerKeySha256 }) => byteaFromOptionalHex(issuerKeySha256),
  },
  { name: "origin", type: "text", value: ({ record }) => directoryEntryOf(record) },
];

/** Only a directory changes what stands in it by its entries. */
export function directoryEntryOf({
  foundIn,
  origin,
}: Pick<CertificateRecord, "foundIn" | "origin">): string | null {
  return foundIn === "ldif" ? storableOptionalText(origin?.name ?? null) : null;
}

const listedRow = v.object({
  sha256: v.string(),
  not_after: v.number(),
  country: v.nullable(v.string()),
  is_authority: v.boolean(),
  level: v.picklist(["verified", "unsigned", "unverified"]),
  origin: v.nullable(v.string()),
});
