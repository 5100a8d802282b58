-- Gives the tables to the role of the service, here cert_parser, where somebody else owns them.
-- Run it as their owner or as a superuser.

do $$ begin execute format('grant create on database %I to cert_parser', current_database()); end $$;

grant usage, create on schema certs to cert_parser;

alter table certs.root_ca owner to cert_parser;

alter table certs.dsc owner to cert_parser;

alter table certs.crls owner to cert_parser;

alter table certs.revoked_certificate_list owner to cert_parser;
