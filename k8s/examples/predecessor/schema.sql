-- The predecessor's tables, to rehearse the migration with on an empty database: psql "$DATABASE_DSN" --file schema.sql
-- Not for a database that has them already.

create schema if not exists certs;

create table certs.root_ca (
  id uuid primary key,
  certificate bytea not null,
  subject_key_identifier text,
  authority_key_identifier text,
  issuer text,
  master_list_issuer text,
  x_500_issuer bytea,
  source text,
  isn text,
  updated_at timestamp without time zone
);

create table certs.dsc (
  id uuid primary key,
  certificate bytea not null,
  subject_key_identifier text,
  authority_key_identifier text,
  issuer text,
  x_500_issuer bytea,
  source text,
  isn text,
  updated_at timestamp without time zone
);

create table certs.crls (
  id uuid primary key,
  crl bytea not null,
  source text,
  issuer text,
  country text,
  updated_at timestamp without time zone
);

create table certs.revoked_certificate_list (
  id uuid primary key,
  source text,
  country text,
  isn text,
  crl uuid references certs.crls (id),
  revocation_reason text,
  revocation_date timestamp without time zone,
  updated_at timestamp without time zone
);

-- Three rows that stand for those of the last run.
insert into certs.root_ca (id, certificate, issuer, source, isn)
select gen_random_uuid(), decode('30030201' || lpad(to_hex(number), 2, '0'), 'hex'), 'CN=CSCA ' || number || ',C=UT', 'icao-masterlist', '0x' || to_hex(number)
from generate_series(1, 3) as number;
