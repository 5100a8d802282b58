-- What others have built on the four tables. It follows the tables when they are moved, and goes on showing their old
-- rows: make it anew on the views after the switch.

select relname as "table", what
from (
  select depended.relname, 'view ' || dependent.oid::regclass as what
  from pg_catalog.pg_depend as link
  join pg_catalog.pg_rewrite as rule on rule.oid = link.objid and link.classid = 'pg_rewrite'::regclass
  join pg_catalog.pg_class as dependent on dependent.oid = rule.ev_class
  join pg_catalog.pg_class as depended on depended.oid = link.refobjid
  where link.refclassid = 'pg_class'::regclass and dependent.oid <> depended.oid
    and depended.relnamespace = to_regnamespace('certs')
  union
  select depended.relname, 'foreign key ' || conname || ' of ' || conrelid::regclass
  from pg_catalog.pg_constraint
  join pg_catalog.pg_class as depended on depended.oid = confrelid
  where contype = 'f' and depended.relnamespace = to_regnamespace('certs')
    and conrelid <> coalesce(to_regclass('certs.revoked_certificate_list'), 0)
  union
  select depended.relname, 'trigger ' || tgname
  from pg_catalog.pg_trigger
  join pg_catalog.pg_class as depended on depended.oid = tgrelid
  where not tgisinternal and depended.relnamespace = to_regnamespace('certs')
) as found
where relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
order by relname, what;
