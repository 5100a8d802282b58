-- Puts the predecessor's tables back to where they were, with the rows that they had, and the rights that readers had on
-- them. What this program has stored is kept in the schema certs_runner. Run it in one transaction, while neither program
-- runs.

alter schema certs rename to certs_runner;

create schema certs;

do $$ begin execute format('alter schema certs owner to %I', (select pg_get_userbyid(nspowner) from pg_catalog.pg_namespace where nspname = 'certs_runner')); end $$;

-- The new schema is open to whom the old one was.
do $$ begin execute (
  select coalesce(string_agg(format('grant %s on schema certs to %s %s', privilege_type,
    case when grantee = 0 then 'public' else grantee::regrole::text end,
    case when is_grantable then 'with grant option' end), '; '), '')
  from pg_catalog.pg_namespace
  cross join lateral aclexplode(nspacl)
  where nspname = 'certs_runner' and grantee <> nspowner
); end $$;

alter table if exists certs_predecessor.root_ca set schema certs;

alter table if exists certs_predecessor.dsc set schema certs;

alter table if exists certs_predecessor.crls set schema certs;

alter table if exists certs_predecessor.revoked_certificate_list set schema certs;

drop schema certs_predecessor;
