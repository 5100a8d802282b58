/**
 * What lets the readers of the Python predecessor's tables go on over the first migration: its last rows, until there are
 * ours, and the right to read the views that take the tables' place.
 *
 * @module
 */

import { comments } from "./migration.ts";

/** Its tables: their columns and types, in its order. */
const predecessorTables = {
  root_ca: {
    id: "uuid",
    certificate: "bytea",
    subject_key_identifier: "text",
    authority_key_identifier: "text",
    issuer: "text",
    master_list_issuer: "text",
    x_500_issuer: "bytea",
    source: "text",
    isn: "text",
    updated_at: "timestamp",
  },
  dsc: {
    id: "uuid",
    certificate: "bytea",
    subject_key_identifier: "text",
    authority_key_identifier: "text",
    issuer: "text",
    x_500_issuer: "bytea",
    source: "text",
    isn: "text",
    updated_at: "timestamp",
  },
  crls: {
    id: "uuid",
    crl: "bytea",
    source: "text",
    issuer: "text",
    country: "text",
    updated_at: "timestamp",
  },
  revoked_certificate_list: {
    id: "uuid",
    source: "text",
    country: "text",
    isn: "text",
    crl: "uuid",
    revocation_reason: "text",
    revocation_date: "timestamp",
    updated_at: "timestamp",
  },
} as const;

const tableNames = Object.keys(predecessorTables)
  .map((table) => `'${table}'`)
  .join(", ");

/**
 * Copies the rows of the tables that the first migration moved. Copies, so that a view holds on to no table that somebody
 * may drop; without constraints, so that whatever the predecessor had goes in.
 */
export const keepPredecessorRows: readonly string[] = [
  ...Object.entries(predecessorTables).flatMap(([table, columns]) => [
    `create table certs.predecessor_${table} (
      ${Object.entries(columns)
        .map(([column, type]) => `${column} ${type}`)
        .join(", ")}
    )`,
    ...comments(
      `predecessor_${table}`,
      `Rows of the Python predecessor's last run, which the view ${table} shows until a signed Master List was accepted.`,
      Object.fromEntries(Object.keys(columns).map((column) => [column, "As the predecessor wrote it."])),
    ),
  ]),
  // Columns by their names: a table may have others, or lack some.
  `do $$
  declare
    moved record;
  begin
    for moved in
      select relname, string_agg(quote_ident(given.attname), ', ') as columns
      from pg_catalog.pg_class
      join pg_catalog.pg_attribute as given on given.attrelid = pg_class.oid and not given.attisdropped
      join pg_catalog.pg_attribute as wanted
        on wanted.attrelid = to_regclass('certs.predecessor_' || relname) and wanted.attname = given.attname
      where relnamespace = to_regnamespace('certs_predecessor') and relkind in ('r', 'p')
        and relname in (${tableNames}) and given.attnum > 0 and wanted.attnum > 0
      group by relname
    loop
      begin
        execute format('insert into certs.%I (%s) select %2$s from certs_predecessor.%3$I',
          'predecessor_' || moved.relname, moved.columns, moved.relname);
      exception when datatype_mismatch then
        -- It only has the name of one: there is nothing to go on with.
        raise notice 'rows of certs_predecessor.% are not shown: %', moved.relname, sqlerrm;
      end;
    end loop;
  end $$`,
];

/**
 * The select of a view: ours, and the predecessor's rows until a signed Master List was accepted, which is what fills
 * `root_ca`: a single CRL from a file must not empty it. Bundles are never removed, so the old rows do not come back. The
 * condition is looked at once in a query, before any of the rows.
 */
export function withPredecessorRows(
  table: keyof typeof predecessorTables,
  ours: string,
  untilThereIs = untilASignedBundle,
): string {
  return `${ours}
      union all
      select ${Object.keys(predecessorTables[table]).join(", ")}
      from certs.predecessor_${table}
      where not exists (
        ${untilThereIs}
      )`;
}

const untilASignedBundle =
  "select from certs.bundles where kind = 'master-list' and jsonb_array_length(signers) > 0";

/**
 * Who may read a table that was moved may read the view in its place: roles, those of a column alone, and PUBLIC; also the
 * table's owner, where that is not whom the views belong to.
 */
export const letReadersIn = `do $$
  declare
    reader record;
  begin
    for reader in
      select relname, '' as columns, grantee, is_grantable
      from pg_catalog.pg_class
      cross join lateral aclexplode(coalesce(relacl, acldefault('r', relowner)))
      where relnamespace = to_regnamespace('certs_predecessor') and relkind in ('r', 'p')
        and relname in (${tableNames}) and privilege_type = 'SELECT'
      union all
      select relname, format('(%I)', given.attname), grantee, is_grantable
      from pg_catalog.pg_class
      join pg_catalog.pg_attribute as given on given.attrelid = pg_class.oid and not given.attisdropped
      join pg_catalog.pg_attribute as shown
        on shown.attrelid = to_regclass('certs.' || relname) and shown.attname = given.attname
      cross join lateral aclexplode(given.attacl)
      where relnamespace = to_regnamespace('certs_predecessor') and relkind in ('r', 'p')
        and relname in (${tableNames}) and given.attnum > 0 and privilege_type = 'SELECT'
    loop
      continue when reader.grantee = current_user::regrole;
      execute format('grant select %s on certs.%I to %s %s', reader.columns, reader.relname,
        case when reader.grantee = 0 then 'public' else reader.grantee::regrole::text end,
        case when reader.is_grantable then 'with grant option' end);
    end loop;
  end $$`;
