create table t (a int);
create view v as select a from t where a > 0 with cascaded check option;
