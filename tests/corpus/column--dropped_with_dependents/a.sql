create table t(a int, b int, constraint c check (b > 0));
create index i on t(b);
create view v as select a, b from t;
grant select (b) on t to anon;
