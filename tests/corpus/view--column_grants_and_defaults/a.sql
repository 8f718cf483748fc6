create table t(a int, b int);
create view v as select a, b from t;
grant select on v to anon;
create materialized view m as select a from t;
