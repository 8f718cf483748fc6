create view v as select 1 as a, 2 as b;
grant select on v to anon;
