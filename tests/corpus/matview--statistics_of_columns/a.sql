create materialized view m as select 1 as a, 'x'::text as b;
alter materialized view m alter a set statistics 50;
