create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table t (a int, b text) server s; create view v as select * from t;
