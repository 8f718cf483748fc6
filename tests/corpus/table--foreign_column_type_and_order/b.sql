create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table t (a bigint, c text options (x 'y'), b text) server s;
create view v as select b from t;
