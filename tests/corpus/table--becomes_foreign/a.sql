create foreign data wrapper w; create server s foreign data wrapper w;
create table t (a int, b text); create view v as select * from t;
