create table t (id int primary key, v text not null default 'x') partition by range (id);
create table t1 partition of t for values from (0) to (10);
create view v as select v from t; create table c (id int references t);
create index on t (v); create policy own on t using (id > 0);
