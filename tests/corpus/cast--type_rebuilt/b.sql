create type e as enum ('a', 'c');
create cast (e as varchar) with inout as implicit;
create table t (id int primary key, m e);
insert into t values (1, 'a'), (2, 'c');
create view v as select m::varchar as w from t;
