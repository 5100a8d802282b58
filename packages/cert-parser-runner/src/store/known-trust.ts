/**
 * What the store knows of publishers and authorities, for the policy to judge by.
 *
 * @module
 */

import type { KnownPublisher, KnownRevocationList, KnownTrust } from "cert-parser-core";
import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { everySource } from "./publishers.ts";

/** Reads what trust in a source rests on. */
export async function readKnownTrust(connection: CommonQueryMethods, source: string): Promise<KnownTrust> {
  const publishers = await readPins(connection, source);
  return {
    publishers,
    wasSigned: [...publishers.values()].some(({ signingTime }) => signingTime !== null),
    hasOtherSources: await hasOtherSources(connection, source),
    authorities: await readAuthorities(connection),
    vouchedKeys: await readVouchedKeys(connection, source),
    revokedKeys: await readRevokedKeys(connection, source),
    revokedCertificates: await readRevokedCertificates(connection),
    crls: await readCrls(connection),
    carried: await readCarried(connection, source),
    directoryVersion: await readDirectoryVersion(connection, source),
  };
}

async function readPins(
  connection: CommonQueryMethods,
  source: string,
): Promise<ReadonlyMap<string, KnownPublisher>> {
  const rows = await connection.any(sql.type(pinRow)`
    select encode(key_sha256, 'hex') as key_sha256, state,
      (extract(epoch from signing_time) * 1000)::float8 as signing_time,
      encode(content_sha256, 'hex') as content_sha256
    from certs.publishers
    where source = ${source}
    order by first_seen, key_sha256
  `);
  return new Map(
    rows.map(({ key_sha256: keySha256, state, signing_time, content_sha256: contentSha256 }) => {
      const signingTime = signing_time === null ? null : new Date(signing_time);
      return [keySha256, { keySha256, state, signingTime, contentSha256 }];
    }),
  );
}

/** A list that was verified, not one that nobody looked at: off runs are no baseline. */
function hasOtherSources(connection: CommonQueryMethods, source: string): Promise<boolean> {
  return connection.exists(sql.unsafe`
    select from certs.publishers where source <> ${source} and signing_time is not null
  `);
}

/** Of all sources, now or once: the path between two keys of a publisher may stand in another's list alone. */
async function readAuthorities(connection: CommonQueryMethods): Promise<readonly Uint8Array[]> {
  const rows = await connection.any(sql.type(v.object({ der: v.instance(Uint8Array) }))`
    select der from certs.certificates as certificate
    where role in ('csca', 'link') and exists (
      select from certs.listings
      where certificate_sha256 = certificate.sha256 and level = 'verified' and found_in = 'list'
    )
    order by last_seen desc, sha256
    limit ${maxAuthorities}
  `);
  return rows.map(({ der }) => der);
}

async function readVouchedKeys(connection: CommonQueryMethods, source: string): Promise<ReadonlySet<string>> {
  const keys = await connection.anyFirst(sql.type(v.object({ key: v.string() }))`
    select distinct encode(certificate.key_sha256, 'hex') as key
    from certs.listings as listing
    join certs.certificates as certificate on certificate.sha256 = listing.certificate_sha256
    where listing.source <> ${source} and listing.level = 'verified' and listing.found_in = 'list'
      and listing.absent_since is null
      and certificate.role in ('csca', 'link') and certificate.key_sha256 is not null
      and exists (
        select from certs.publishers as publisher
        where publisher.source = listing.source and publisher.state in ('pinned', 'approved')
          and publisher.signing_time is not null
      )
      and not exists (
        select from certs.publishers as gone
        where gone.key_sha256 = certificate.key_sha256 and gone.state = 'retired'
      )
    limit ${maxAuthorities}
  `);
  return new Set(keys);
}

async function readRevokedKeys(connection: CommonQueryMethods, source: string): Promise<ReadonlySet<string>> {
  const keys = await connection.anyFirst(sql.type(v.object({ key: v.string() }))`
    select distinct encode(key_sha256, 'hex') as key from certs.publishers
    where state = 'revoked' and source in (${source}, ${everySource})
  `);
  return new Set(keys);
}

/**
 * By the latest CRL of a key that speaks for the key which issued the certificate: serial numbers repeat within a country.
 * It need not be carried any more: nobody signs the envelope, and whoever takes a CRL out of it must not lift what it
 * revokes.
 */
async function readRevokedCertificates(connection: CommonQueryMethods): Promise<ReadonlySet<string>> {
  const digests = await connection.anyFirst(sql.type(v.object({ sha256: v.string() }))`
    with latest as (
      select distinct on (listing.issuer_key_sha256) listing.crl_sha256, listing.speaks_for
      from certs.revocation_list_listings as listing
      join certs.revocation_lists as list on list.sha256 = listing.crl_sha256
      where listing.verdict = 'accepted'
      order by listing.issuer_key_sha256, list.this_update desc, listing.absent_since desc nulls first, list.sha256
    )
    select distinct encode(certificate.sha256, 'hex') as sha256
    from latest as crl
    join certs.revoked_certificates as entry on entry.crl_sha256 = crl.crl_sha256
    join certs.certificates as certificate
      on certificate.serial_number = entry.serial_number and certificate.role in ('csca', 'link')
    join certs.listings as listing
      on listing.certificate_sha256 = certificate.sha256 and listing.issuer_key_sha256 = any(crl.speaks_for)
    where coalesce(entry.reason, '') <> 'removeFromCRL'
    limit ${maxAuthorities}
  `);
  return new Set(digests);
}

/** The latest of each key: what is newer than that stays newer. */
async function readCrls(connection: CommonQueryMethods): Promise<readonly KnownRevocationList[]> {
  const rows = await connection.any(sql.type(crlRow)`
    select distinct on (listing.issuer_key_sha256) encode(listing.issuer_key_sha256, 'hex') as key_sha256,
      encode(list.sha256, 'hex') as sha256, encode(list.crl_number, 'hex') as crl_number,
      (extract(epoch from list.this_update) * 1000)::float8 as this_update
    from certs.revocation_list_listings as listing
    join certs.revocation_lists as list on list.sha256 = listing.crl_sha256
    where listing.verdict = 'accepted' and listing.issuer_key_sha256 is not null
    order by listing.issuer_key_sha256, list.this_update desc, list.sha256
  `);
  return rows.map((row) => ({
    keySha256: row.key_sha256,
    sha256: row.sha256,
    crlNumber: row.crl_number,
    thisUpdate: new Date(row.this_update),
  }));
}

async function readCarried(connection: CommonQueryMethods, source: string): Promise<KnownTrust["carried"]> {
  const rows = await connection.any(
    sql.type(v.object({ sha256: v.string(), origin: v.nullable(v.string()) }))`
      select encode(crl_sha256, 'hex') as sha256, max(origin) as origin from certs.revocation_list_listings
      where source = ${source} and absent_since is null
      group by crl_sha256
    `,
  );
  return new Map(rows.map(({ sha256, origin }) => [sha256, { origin }]));
}

async function readDirectoryVersion(connection: CommonQueryMethods, source: string): Promise<number | null> {
  const row = await connection.maybeOne(
    sql.type(v.object({ version: v.nullable(v.number()) }))`
      select directory_version as version from certs.sources where name = ${source}
    `,
  );
  return row?.version ?? null;
}

// Twelve times as many as all lists of the corpus hold together.
const maxAuthorities = 20_000;

const pinRow = v.object({
  key_sha256: v.string(),
  state: v.picklist(["pinned", "approved", "retired", "revoked"]),
  signing_time: v.nullable(v.number()),
  content_sha256: v.nullable(v.string()),
});

const crlRow = v.object({
  key_sha256: v.string(),
  sha256: v.string(),
  crl_number: v.nullable(v.string()),
  this_update: v.number(),
});
