create table t(a int, b int, d text default 'd', e int not null);
create index i on t(d);
create view v as select d from t;
create unique index u on t(e);
