create table t (a int, owner name);
create view v as select a from t;
