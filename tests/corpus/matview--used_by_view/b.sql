create materialized view m as select 1 as a, 2 as b;
create view v as select a from m;
grant select on m to anon;
