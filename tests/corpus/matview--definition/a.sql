create table t(a int, b int);
insert into t values (1,2);
create materialized view m as select a from t;
create unique index mi on m(a);
