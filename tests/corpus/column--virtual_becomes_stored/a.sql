-- needs: 18
create table t (id int, twice int generated always as (id * 2) virtual, n text);
create view v as select twice from t;
