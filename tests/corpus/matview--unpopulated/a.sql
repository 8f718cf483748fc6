create table t (a int);
create materialized view m as select a from t with no data;
create unique index i on m (a);
