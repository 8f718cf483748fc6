create type pair as (a int, b text, "C c" numeric(4, 1), d text collate "C");
create table t (id int primary key, p pair, ps pair[]);
insert into t values (1, row(1, 'x', null, null), array[row(2, 'y', null, null)::pair]);
create view v as select (p).a, (p).b from t;
comment on column pair."C c" is 'third';
