create function f() returns int language sql as 'select 1';
create table t(a int, b int);
create view v as select a, b from t;
grant select (a), update (b) on v to anon;
alter view v alter column a set default f();
create materialized view m as select a from t;
grant select (a) on m to authenticated;
alter materialized view m alter column a set statistics 42;
