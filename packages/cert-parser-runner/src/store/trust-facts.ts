/**
 * Everything that was accepted and decided, as the core derives the state of trust from it.
 *
 * @module
 */

import type { KnownPublisher, RevokedSerial, TrustFacts } from "cert-parser-core";
import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import * as v from "valibot";
import { byteaFromHex, hexColumn } from "./columns.ts";

/** Stands for every source in the rows of keys that are revoked for all. */
export const everySource = "*";

/** Reads the facts of all sources. The order of each part depends on what it holds alone. */
export async function readTrustFacts(connection: CommonQueryMethods): Promise<TrustFacts> {
  return {
    editions: await readEditions(connection),
    authorities: await readAuthorities(connection),
    crls: await readCrls(connection),
    decisions: await readDecisions(connection),
  };
}

/** What accepted CRLs say of these serial numbers (lower-case hex), by the SHA-256 of the CRL. */
export async function readRevocations(
  connection: CommonQueryMethods,
  serialNumbers: readonly string[],
): Promise<ReadonlyMap<string, readonly RevokedSerial[]>> {
  const rows = await readEntries(
    connection,
    sql.fragment`select * from ${sql.unnest(
      serialNumbers.map((serialNumber) => [byteaFromHex(serialNumber)]),
      ["bytea"],
    )} as asked (serial_number)`,
  );
  return new Map(
    [...Map.groupBy(rows, ({ crl_sha256: crl }) => crl)].map(([crl, entries]) => [
      crl,
      entries.map(toRevokedSerial),
    ]),
  );
}

/** Reads the pins and decisions that are of one source each. */
export async function readKnownPublishers(
  connection: CommonQueryMethods,
): Promise<readonly KnownPublisher[]> {
  const rows = await connection.any(sql.type(publisherRow)`
    select source, key_sha256, state from certs.publishers
    where source <> ${everySource}
    order by source collate "C", key_sha256
  `);
  return rows.map(({ source, key_sha256: keySha256, state }) => ({ source, keySha256, state }));
}

async function readEditions(connection: CommonQueryMethods): Promise<TrustFacts["editions"]> {
  const rows = await connection.any(sql.type(editionRow)`
    select id, source, publisher_key_sha256, signing_time, content_sha256, rolled_from_sha256, ended_at
    from certs.editions
    order by signing_time, content_sha256, source collate "C"
  `);
  return rows.map((row) => ({
    id: row.id,
    source: row.source,
    publisher: row.publisher_key_sha256,
    signingTime: row.signing_time,
    contentSha256: row.content_sha256,
    rolledFrom: row.rolled_from_sha256,
    endedAt: row.ended_at,
  }));
}

/** Not those of envelopes, which nobody signed, unless they led to the publisher of the list. */
async function readAuthorities(connection: CommonQueryMethods): Promise<TrustFacts["authorities"]> {
  const rows = await connection.any(sql.type(authorityRow)`
    select certificate.der, certificate.issuer_key_sha256, listed.editions
    from (
      select certificate_sha256, array_agg(distinct edition order by edition) as editions from certs.edition_certificates
      where found_in = 'list' or leads_to_publisher
      group by certificate_sha256
    ) as listed
    join certs.certificates as certificate on certificate.sha256 = listed.certificate_sha256
    where certificate.role in ('csca', 'link')
    order by certificate.sha256
  `);
  return rows.map(({ der, issuer_key_sha256: issuerKeySha256, editions }) => ({
    der,
    issuerKeySha256,
    editions,
  }));
}

async function readCrls(connection: CommonQueryMethods): Promise<TrustFacts["crls"]> {
  const rows = await connection.any(sql.type(crlRow)`
    select sha256, issuer_key_sha256, crl_number, this_update, next_update from certs.revocation_lists
    where verdict = 'accepted' and issuer_key_sha256 is not null
    order by sha256
  `);
  const revoked = Map.groupBy(await readRevoked(connection), (entry) => entry.crl_sha256);
  return rows.map((row) => ({
    sha256: row.sha256,
    keySha256: row.issuer_key_sha256,
    crlNumber: row.crl_number,
    thisUpdate: row.this_update,
    nextUpdate: row.next_update,
    revoked: (revoked.get(row.sha256) ?? []).map(toRevokedSerial),
  }));
}

/** What CRLs say of authorities. They name mostly document signers, and there may be many. */
function readRevoked(connection: CommonQueryMethods): Promise<readonly RevokedRow[]> {
  return readEntries(
    connection,
    sql.fragment`
      select distinct certificate.serial_number from certs.edition_certificates as member
      join certs.certificates as certificate on certificate.sha256 = member.certificate_sha256
      where certificate.role in ('csca', 'link') and (member.found_in = 'list' or member.leads_to_publisher)
    `,
  );
}

function readEntries(
  connection: CommonQueryMethods,
  serialNumbers: FragmentSqlToken,
): Promise<readonly RevokedRow[]> {
  return connection.any(sql.type(revokedRow)`
    select entry.crl_sha256, entry.serial_number, entry.revocation_date, entry.reason
    from (${serialNumbers}) as wanted (serial_number)
    join certs.revoked_certificates as entry on entry.serial_number = wanted.serial_number
    join certs.revocation_lists as list on list.sha256 = entry.crl_sha256
    where list.verdict = 'accepted' and list.issuer_key_sha256 is not null
    order by entry.crl_sha256, entry.position
  `);
}

function toRevokedSerial({ serial_number, revocation_date, reason }: RevokedRow): RevokedSerial {
  return {
    serialNumber: serial_number,
    revocationDate: revocation_date,
    reason: reason as RevokedSerial["reason"],
  };
}

async function readDecisions(connection: CommonQueryMethods): Promise<TrustFacts["decisions"]> {
  const revoked = await connection.anyFirst(sql.type(v.object({ key_sha256: hexColumn }))`
    select key_sha256 from certs.publishers where source = ${everySource} and state = 'revoked' order by key_sha256
  `);
  const decisions = await connection.any(sql.type(decisionRow)`
    select key_sha256, joined_key_sha256 from certs.key_decisions order by key_sha256, joined_key_sha256
  `);
  const publishers = await readKnownPublishers(connection);
  return {
    revokedKeys: new Set(revoked),
    revokedPublishers: publishers.filter(({ state }) => state === "revoked"),
    liftedKeys: new Set(
      decisions.filter((row) => row.joined_key_sha256 === null).map(({ key_sha256: key }) => key),
    ),
    joinedKeys: decisions.flatMap(({ key_sha256: key, joined_key_sha256: other }) =>
      other === null ? [] : [[key, other] as const],
    ),
  };
}

const editionRow = v.object({
  id: v.number(),
  source: v.string(),
  publisher_key_sha256: hexColumn,
  signing_time: v.date(),
  content_sha256: hexColumn,
  rolled_from_sha256: v.nullable(hexColumn),
  ended_at: v.nullable(v.date()),
});

const authorityRow = v.object({
  der: v.instance(Uint8Array),
  issuer_key_sha256: v.nullable(hexColumn),
  editions: v.array(v.number()),
});

const crlRow = v.object({
  sha256: hexColumn,
  issuer_key_sha256: hexColumn,
  crl_number: v.nullable(hexColumn),
  this_update: v.date(),
  next_update: v.nullable(v.date()),
});

const revokedRow = v.object({
  crl_sha256: hexColumn,
  serial_number: hexColumn,
  revocation_date: v.date(),
  reason: v.nullable(v.string()),
});

type RevokedRow = v.InferOutput<typeof revokedRow>;

const decisionRow = v.object({ key_sha256: hexColumn, joined_key_sha256: v.nullable(hexColumn) });

const publisherRow = v.object({
  source: v.string(),
  key_sha256: hexColumn,
  state: v.picklist(["pinned", "approved", "revoked"]),
});
