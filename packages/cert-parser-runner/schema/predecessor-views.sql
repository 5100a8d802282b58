-- Four read-only views with the names, columns and values of the Python predecessor, so that its readers keep working:
-- its last rows until there are ours, and the right to read the views that take the place of its tables.

-- The tables are kept, out of the way of the views of the same names.
do $$
declare
  found name;
begin
  for found in
    select relname from pg_catalog.pg_class
    where relnamespace = to_regnamespace('certs') and relkind in ('r', 'p')
      and relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
  loop
    create schema if not exists certs_predecessor;
    execute format('alter table certs.%I set schema certs_predecessor', found);
  end loop;
end $$;

-- Copies, so that no view depends on a table that somebody may drop; without constraints, so that whatever the predecessor
-- had fits.
create table certs.predecessor_root_ca (
  id uuid,
  certificate bytea,
  subject_key_identifier text,
  authority_key_identifier text,
  issuer text,
  master_list_issuer text,
  x_500_issuer bytea,
  source text,
  isn text,
  updated_at timestamp
);
create table certs.predecessor_dsc (
  id uuid,
  certificate bytea,
  subject_key_identifier text,
  authority_key_identifier text,
  issuer text,
  x_500_issuer bytea,
  source text,
  isn text,
  updated_at timestamp
);
create table certs.predecessor_crls (
  id uuid,
  crl bytea,
  source text,
  issuer text,
  country text,
  updated_at timestamp
);
create table certs.predecessor_revoked_certificate_list (
  id uuid,
  source text,
  country text,
  isn text,
  crl uuid,
  revocation_reason text,
  revocation_date timestamp,
  updated_at timestamp
);
do $$
declare
  described record;
begin
  for described in
    select relname, attname from pg_catalog.pg_class
    join pg_catalog.pg_attribute on attrelid = pg_class.oid and attnum > 0
    where relnamespace = 'certs'::regnamespace and relkind = 'r' and relname like 'predecessor\_%'
  loop
    execute format('comment on table certs.%I is %L', described.relname,
      'Rows of the Python predecessor''s last run. The view of that name shows them until a signed Master List was accepted.');
    execute format('comment on column certs.%I.%I is %L', described.relname, described.attname,
      'As the predecessor wrote it.');
  end loop;
end $$;

-- Columns by their names: a table may have others, or lack some.
do $$
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
      and relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
      and given.attnum > 0 and wanted.attnum > 0
    group by relname
  loop
    begin
      execute format('insert into certs.%I (%s) select %2$s from certs_predecessor.%3$I',
        'predecessor_' || moved.relname, moved.columns, moved.relname);
    exception when datatype_mismatch then
      -- It only has the name of one: there is nothing to show.
      raise notice 'rows of certs_predecessor.% are not shown: %', moved.relname, sqlerrm;
    end;
  end loop;
end $$;

-- Python's hex() of the number: no leading zeros, a minus sign before the prefix. A negative number is its complement plus
-- one: digits are inverted, then the last one that does not overflow is counted up.
create function certs.predecessor_isn(serial_number bytea) returns text
  language sql immutable strict parallel safe
  return case when length(serial_number) = 0 then '0x0'
    when get_byte(serial_number, 0) < 128
    then '0x' || coalesce(nullif(ltrim(encode(serial_number, 'hex'), '0'), ''), '0')
    else (
      select '-0x' || ltrim(
        left(stem, -1) || translate(right(stem, 1), '0123456789abcde', '123456789abcdef')
          || repeat('0', length(inverted) - length(stem)), '0')
      from (
        select inverted, rtrim(inverted, 'f') as stem
        from (
          select translate(encode(serial_number, 'hex'), '0123456789abcdef', 'fedcba9876543210') as inverted
        ) as digits
      ) as parts
    )
  end;
comment on function certs.predecessor_isn(bytea) is
  'The serial number as the Python predecessor wrote it: 0x1a, -0x4e, 0x0.';
-- Readers of the views call them: granted explicitly, for databases in which functions are not open to all by default.
grant execute on function certs.predecessor_isn(bytea) to public;

-- RFC 9562, 5.8: version 8, from the digest of the CRL's digest and the position.
create function certs.predecessor_entry_id(crl_sha256 bytea, entry integer) returns uuid
  language sql immutable strict parallel safe
  return (
    select encode(
      set_byte(
        set_byte(digest, 6, (get_byte(digest, 6) & 15) | 128),
        8, (get_byte(digest, 8) & 63) | 128
      ), 'hex')::uuid
    from (
      select substring(pg_catalog.sha256(crl_sha256 || int4send(entry)) from 1 for 16) as digest
    ) as derived
  );
comment on function certs.predecessor_entry_id(bytea, integer) is
  'The id of a CRL entry in the view revoked_certificate_list: the same in every store.';
grant execute on function certs.predecessor_entry_id(bytea, integer) to public;

-- A signed Master List fills root_ca: until one was accepted, the old rows stay. A single CRL from a file must not empty
-- them. Editions and holdings are never removed, so the old rows do not come back. PostgreSQL evaluates the condition once
-- in a query, before any of the rows.

create view certs.root_ca as
  select
    certificate.id,
    certificate.der as certificate,
    encode(certificate.subject_key_identifier, 'hex') as subject_key_identifier,
    encode(certificate.authority_key_identifier, 'hex') as authority_key_identifier,
    certificate.predecessor_issuer as issuer,
    anchor.master_list_issuer,
    certificate.issuer_der as x_500_issuer,
    anchor.source,
    certs.predecessor_isn(certificate.serial_number) as isn,
    greatest(certificate.updated_at, anchor.updated_at) at time zone 'UTC' as updated_at
  from certs.anchors as anchor
  join certs.certificates as certificate on certificate.sha256 = anchor.certificate_sha256
  union all
  select id, certificate, subject_key_identifier, authority_key_identifier, issuer, master_list_issuer, x_500_issuer,
    source, isn, updated_at
  from certs.predecessor_root_ca
  where not exists (select from certs.editions)
    and not exists (select from certs.holdings where level = 'unverified' and found_in = 'list');
comment on view certs.root_ca is
  'CSCA certificates that a Master List lists now and no CRL revokes. Columns and values as the Python predecessor had them. Until a signed Master List was accepted, also the rows that it left.';
comment on column certs.root_ca.updated_at is 'When the row last changed, in UTC.';

create view certs.dsc as
  select
    certificate.id,
    certificate.der as certificate,
    encode(certificate.subject_key_identifier, 'hex') as subject_key_identifier,
    encode(certificate.authority_key_identifier, 'hex') as authority_key_identifier,
    certificate.predecessor_issuer as issuer,
    certificate.issuer_der as x_500_issuer,
    given.source,
    certs.predecessor_isn(certificate.serial_number) as isn,
    greatest(certificate.updated_at, given.updated_at) at time zone 'UTC' as updated_at
  from certs.certificates as certificate
  cross join lateral (
    select held.source,
      (select max(updated_at) from certs.holdings where certificate_sha256 = certificate.sha256) as updated_at
    from (
      select source, since from certs.holdings
      where certificate_sha256 = certificate.sha256 and until is null and found_in <> 'envelope'
        and (level = 'unverified' or level = 'verified' and certificate.verdict = 'link')
      union all
      select edition.source, edition.signing_time
      from certs.edition_certificates as member
      join certs.editions as edition on edition.id = member.edition
      where member.certificate_sha256 = certificate.sha256 and member.found_in = 'list' and edition.is_current
        and certificate.verdict = 'link'
    ) as held
    order by held.since, held.source collate "C"
    limit 1
  ) as given
  where certificate.role = 'dsc'
  union all
  select id, certificate, subject_key_identifier, authority_key_identifier, issuer, x_500_issuer, source, isn, updated_at
  from certs.predecessor_dsc
  where not exists (select from certs.editions)
    and not exists (select from certs.holdings where level = 'unverified' and found_in = 'list');
comment on view certs.dsc is
  'Document signer certificates that a source gives now and whose signature was verified, or not looked at (TRUST_MODE off). Columns and values as the Python predecessor had them. Until a signed Master List was accepted, also the rows that it left.';
comment on column certs.dsc.updated_at is 'When the row last changed, in UTC.';

create view certs.crls as
  select
    list.id,
    list.der as crl,
    carriage.source,
    list.predecessor_issuer as issuer,
    list.predecessor_country as country,
    list.updated_at at time zone 'UTC' as updated_at
  from certs.revocation_lists as list
  cross join lateral (
    select source from certs.crl_carriage
    where crl_sha256 = list.sha256
    order by since, source collate "C"
    limit 1
  ) as carriage
  where list.is_effective
  union all
  select id, crl, source, issuer, country, updated_at
  from certs.predecessor_crls
  where not exists (select from certs.editions)
    and not exists (select from certs.holdings where level = 'unverified' and found_in = 'list');
comment on view certs.crls is
  'CRLs that count now, whether or not a source still carries them. Columns and values as the Python predecessor had them. Until a signed Master List was accepted, also the rows that it left.';
comment on column certs.crls.updated_at is 'When the row last changed, in UTC.';

create view certs.revoked_certificate_list as
  select
    certs.predecessor_entry_id(entry.crl_sha256, entry.position) as id,
    carriage.source,
    list.predecessor_country as country,
    certs.predecessor_isn(entry.serial_number) as isn,
    list.id as crl,
    entry.reason as revocation_reason,
    entry.revocation_date at time zone 'UTC' as revocation_date,
    list.updated_at at time zone 'UTC' as updated_at
  from certs.revocation_lists as list
  cross join lateral (
    select source from certs.crl_carriage
    where crl_sha256 = list.sha256
    order by since, source collate "C"
    limit 1
  ) as carriage
  join certs.revoked_certificates as entry on entry.crl_sha256 = list.sha256
  where list.is_effective
  union all
  select id, source, country, isn, crl, revocation_reason, revocation_date, updated_at
  from certs.predecessor_revoked_certificate_list
  where not exists (select from certs.editions)
    and not exists (select from certs.holdings where level = 'unverified' and found_in = 'list');
comment on view certs.revoked_certificate_list is
  'Entries of the CRLs that count now. Columns and values as the Python predecessor had them. Until a signed Master List was accepted, also the rows that it left.';
comment on column certs.revoked_certificate_list.updated_at is 'When the row last changed, in UTC.';

-- Whoever may read a table that was moved may read the view in its place: roles, those of a column alone, and PUBLIC; also
-- the table's owner, unless the views belong to the same role.
do $$
declare
  reader record;
begin
  for reader in
    select relname, '' as columns, grantee, is_grantable
    from pg_catalog.pg_class
    cross join lateral aclexplode(coalesce(relacl, acldefault('r', relowner)))
    where relnamespace = to_regnamespace('certs_predecessor') and relkind in ('r', 'p')
      and relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list') and privilege_type = 'SELECT'
    union all
    select relname, format('(%I)', given.attname), grantee, is_grantable
    from pg_catalog.pg_class
    join pg_catalog.pg_attribute as given on given.attrelid = pg_class.oid and not given.attisdropped
    join pg_catalog.pg_attribute as shown
      on shown.attrelid = to_regclass('certs.' || relname) and shown.attname = given.attname
    cross join lateral aclexplode(given.attacl)
    where relnamespace = to_regnamespace('certs_predecessor') and relkind in ('r', 'p')
      and relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
      and given.attnum > 0 and privilege_type = 'SELECT'
  loop
    continue when reader.grantee = current_user::regrole;
    execute format('grant select %s on certs.%I to %s %s', reader.columns, reader.relname,
      case when reader.grantee = 0 then 'public' else reader.grantee::regrole::text end,
      case when reader.is_grantable then 'with grant option' end);
  end loop;
end $$;
