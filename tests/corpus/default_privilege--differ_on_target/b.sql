create table t(id serial primary key, n int generated always as identity);
create function f() returns int language sql as 'select 1';
create view v as select * from t;
create table w(a int);
grant select on w to service_role with grant option;
