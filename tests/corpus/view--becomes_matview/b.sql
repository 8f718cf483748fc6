create materialized view v as select 1 as a;
