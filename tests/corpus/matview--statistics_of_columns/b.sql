create materialized view m as select 1 as a, 'x'::text as b;
alter materialized view m alter b set statistics 60;
