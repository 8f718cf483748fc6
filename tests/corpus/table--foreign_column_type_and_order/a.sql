create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table t (a int, b varchar(3), c text) server s;
create view v as select b from t;
