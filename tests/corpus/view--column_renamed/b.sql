create table t (a int);
create view v as select a as y from t;
create view w as select y from v;
