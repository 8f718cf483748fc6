create extension pg_stat_statements;
create extension citext;
grant execute on function citext_eq(citext, citext) to service_role;
