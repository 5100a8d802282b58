/**
 * Signed lists that were accepted. The same list of a publisher in a source is one edition, however often it comes.
 *
 * @module
 */

import { type CertificateEntry, fromHex, parseName, type Snapshot } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import {
  at,
  batches,
  byteaFromHex,
  type Column,
  columnNames,
  digest,
  storableOptionalText,
  unnestRows,
} from "./columns.ts";
import { predecessorMasterListIssuer } from "./predecessor-names.ts";
import { throwIfCancelled } from "./transactions.ts";

type EditionEntry = Snapshot["editions"][number];

/** Writes the editions of a snapshot with their certificates, which must be saved already. */
export async function saveEditions(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<void> {
  const byEdition = Map.groupBy(snapshot.certificates, ({ edition }) => edition ?? null);
  const members: Member[] = [];
  for (const [index, edition] of snapshot.editions.entries()) {
    const entries = byEdition.get(index) ?? [];
    const { id, is_new: isNew } = await saveEdition(transaction, snapshot, edition, entries);
    // Nobody signs the envelope: what a list that is held already comes with this time adds nothing.
    const added = isNew ? entries : entries.filter(({ record }) => record.foundIn === "list");
    members.push(...membersOf(id, added, new Set(edition.publisher.links)));
  }
  for (const batch of batches(members, batchSize)) {
    throwIfCancelled(signal);
    await transaction.query(sql.unsafe`
      insert into certs.edition_certificates (${columnNames(memberColumns)})
      select * from ${unnestRows(memberColumns, batch)} as incoming (${columnNames(memberColumns)})
      on conflict do nothing
    `);
  }
}

/** Ends the editions of a source that an operator removed. */
export async function endEditions(
  transaction: DatabaseTransactionConnection,
  { source, by, reason }: { readonly source: string; readonly by: string; readonly reason: string },
  instant: Date,
): Promise<void> {
  await transaction.query(sql.unsafe`
    update certs.editions set ended_at = ${at(instant)}, ended_by = ${by}, end_reason = ${reason}
    where source = ${source} and ended_at is null
  `);
}

/** A list that comes back after its source was removed is held again. One that was signed again is as new as that. */
function saveEdition(
  transaction: DatabaseTransactionConnection,
  { source, bundle, observedAt }: Snapshot,
  { publisher, signingTime, origin }: EditionEntry,
  entries: readonly CertificateEntry[],
) {
  const issuer = masterListIssuer(publisher, entries);
  return transaction.one(sql.type(editionRow)`
    insert into certs.editions as held (source, publisher_key_sha256, content_sha256, signing_time, bundle_sha256, origin,
      signer_sha256, publisher_certificate_sha256, rolled_from_sha256, master_list_issuer, accepted_at)
    values (${source}, ${digest(publisher.keySha256)}, ${digest(publisher.contentSha256)}, ${at(signingTime)},
      ${digest(bundle.sha256)}, ${storableOptionalText(origin)}, ${digest(publisher.signerSha256)},
      ${digest(publisher.certificateSha256)}, ${digest(publisher.rolledFrom)}, ${storableOptionalText(issuer)},
      ${at(observedAt)})
    on conflict (source, publisher_key_sha256, content_sha256) do update
    set ended_at = null, ended_by = null, end_reason = null,
      signing_time = greatest(held.signing_time, excluded.signing_time),
      (bundle_sha256, origin, signer_sha256, publisher_certificate_sha256, master_list_issuer) = (
        select newer.bundle_sha256, newer.origin, newer.signer_sha256, newer.publisher_certificate_sha256,
          newer.master_list_issuer
        from (
          select held.signing_time, 1 as preference, held.bundle_sha256, held.origin, held.signer_sha256,
            held.publisher_certificate_sha256, held.master_list_issuer
          union all
          select excluded.signing_time, 2, excluded.bundle_sha256, excluded.origin, excluded.signer_sha256,
            excluded.publisher_certificate_sha256, excluded.master_list_issuer
        ) as newer
        order by signing_time desc, preference
        limit 1
      )
    returning id, xmax = 0 as is_new
  `);
}

/**
 * The issuer of a list as the Python predecessor found it: the issuer in the signer's name, or the subject of the first
 * certificate in the envelope. Of that, only the signer's certificate and its CSCA's count, which are verified, in the order
 * that DER gives them (X.690, 11.6): what somebody else puts first changes nothing.
 */
export function masterListIssuer(
  { namedBy, signerSha256, certificateSha256 }: EditionEntry["publisher"],
  entries: readonly CertificateEntry[],
): string | null {
  const signer = entries.find(({ record }) => record.sha256 === signerSha256);
  if (signer === undefined) return null;
  if (namedBy === "issuerAndSerialNumber") return friendlyName(signer.record.issuerDer);
  const [first = signer] = entries
    .filter(
      ({ record: { sha256, foundIn } }) =>
        foundIn === "envelope" && [signerSha256, certificateSha256].includes(sha256),
    )
    .toSorted((a, b) => Buffer.compare(a.der, b.der));
  return friendlyName(first.record.subjectDer);
}

function friendlyName(nameDer: string): string {
  return predecessorMasterListIssuer(parseName(fromHex(nameDer)));
}

interface Member {
  readonly edition: number;
  readonly sha256: string;
  readonly foundIn: "envelope" | "list";
  readonly position: number;
  readonly occurrences: number;
  /** Whether it is a link on the path to the publisher. */
  readonly isLink: boolean;
}

function membersOf(
  edition: number,
  entries: readonly CertificateEntry[],
  links: ReadonlySet<string>,
): Iterable<Member> {
  const members = new Map<string, Member>();
  for (const { record } of entries) {
    const { sha256, index } = record;
    const foundIn = record.foundIn === "envelope" ? "envelope" : "list";
    const { position = index, occurrences = 0 } = members.get(`${sha256} ${foundIn}`) ?? {};
    members.set(`${sha256} ${foundIn}`, {
      edition,
      sha256,
      foundIn,
      position: Math.min(position, index),
      occurrences: occurrences + 1,
      isLink: links.has(sha256),
    });
  }
  return members.values();
}

const memberColumns: readonly Column<Member>[] = [
  { name: "edition", type: "int4", value: ({ edition }) => edition },
  { name: "certificate_sha256", type: "bytea", value: ({ sha256 }) => byteaFromHex(sha256) },
  { name: "found_in", type: "text", value: ({ foundIn }) => foundIn },
  { name: "position", type: "int4", value: ({ position }) => position },
  { name: "occurrences", type: "int4", value: ({ occurrences }) => occurrences },
  { name: "leads_to_publisher", type: "bool", value: ({ isLink }) => isLink },
];
const batchSize = 1000;
const editionRow = v.object({ id: v.number(), is_new: v.boolean() });
