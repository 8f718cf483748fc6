create table t (id int primary key, v text not null default 'x');
create view v as select v from t; create table c (id int references t);
create index on t (v); create policy own on t using (id > 0);
