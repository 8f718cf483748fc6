create table t (id int, twice int generated always as (id * 2) stored);
insert into t values (1), (2);
create view v as select twice from t;
