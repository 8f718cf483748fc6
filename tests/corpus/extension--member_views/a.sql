create extension pg_stat_statements;
grant select on pg_stat_statements to anon;
grant select (query, calls) on pg_stat_statements to authenticated;
