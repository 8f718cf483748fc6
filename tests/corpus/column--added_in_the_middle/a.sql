create table t(a int, d text default 'd', e int not null);
create index i on t(d);
insert into t values (1,'x',3);
create view v as select d from t;
create unique index u on t(e);
