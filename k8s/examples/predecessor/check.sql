-- After the first run: how the views compare with the tables that were moved.

select 'in the view root_ca' as what, count(*) from certs.root_ca
union all
select 'in the old table', count(*) from certs_predecessor.root_ca
union all
select 'certificates in both', count(*) from certs.root_ca as new
  where exists (select from certs_predecessor.root_ca as old where old.certificate = new.certificate)
union all
select 'only in the view', count(*) from certs.root_ca as new
  where not exists (select from certs_predecessor.root_ca as old where old.certificate = new.certificate)
union all
select 'only in the old table', count(distinct old.certificate) from certs_predecessor.root_ca as old
  where not exists (select from certs.root_ca as new where new.certificate = old.certificate)
union all
select 'of these in the envelope, thus no longer shown', count(distinct old.certificate)
  from certs_predecessor.root_ca as old
  join certs.certificates as held on held.der = old.certificate
  join certs.listings on listings.certificate_sha256 = held.sha256 and found_in = 'envelope'
  where not exists (select from certs.root_ca as new where new.certificate = old.certificate);

select started_at, trigger, outcome, code, reason from certs.runs order by started_at desc limit 5;
