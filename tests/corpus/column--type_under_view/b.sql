create table t(id int, x bigint default 3);
create view v as select id, x from t;
create view vv as select sum(x) from v;
create index i on t((x + 1));
