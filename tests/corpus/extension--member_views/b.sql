create extension pg_stat_statements;
revoke select on pg_stat_statements from public;
grant execute on function pg_stat_statements_reset to service_role;
grant select (calls) on pg_stat_statements to authenticated with grant option;
