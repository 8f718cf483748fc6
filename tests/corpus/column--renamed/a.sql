create table t (id int, name text);
create view v as select name from t;
