create materialized view m with (autovacuum_enabled = off) as select 1 as a, 'x'::text as b;
comment on materialized view m is 'm';
