create table t (a int);
create view v as select a from t;
create function f() returns bigint language sql begin atomic select count(*) from v; end;
create or replace view v as select t.a from t where t.a < f();
