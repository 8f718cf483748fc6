create table t(id int, x int default 3);
create view v as select id, x from t;
create view vv as select sum(x) from v;
create index i on t((x + 1));
insert into t values (1, 2);
