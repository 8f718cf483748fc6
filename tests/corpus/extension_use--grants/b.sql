create schema extensions;
create extension pg_trgm schema extensions;
create extension postgres_fdw;
revoke execute on function extensions.similarity(text, text) from public;
grant execute on function extensions.similarity(text, text) to service_role with grant option;
grant usage on foreign data wrapper postgres_fdw to authenticated;
revoke usage on type extensions.gtrgm from public;
