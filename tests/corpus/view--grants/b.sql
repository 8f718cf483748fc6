create view v as select 1 as a, 2 as b;
grant select, update (b) on v to authenticated with grant option;
