create table t(a int, b int);
create view v as select a, b from t;
grant select on v to anon;
grant select (a) on v to anon;
