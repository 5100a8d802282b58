-- Who owns the four tables, and what the role that runs this may do: all must say true before the switch.
-- Run it as the role of the service.

select name as "check", allowed
from (
  select 1 as place, 'create a schema in this database' as name,
    has_database_privilege(current_database(), 'create') as allowed
  union all
  select 2, 'create tables in the schema certs', has_schema_privilege('certs', 'create')
  union all
  select 3, 'move ' || relname || ', which belongs to ' || pg_get_userbyid(relowner), pg_has_role(relowner, 'usage')
  from pg_catalog.pg_class
  where relnamespace = to_regnamespace('certs') and relkind in ('r', 'p')
    and relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
) as checks
order by place, name;
