create type pair as (a int, b text);
create table t (id int primary key, p pair, ps pair[]);
insert into t values (1, row(1, 'x'), array[row(2, 'y')::pair]);
create view v as select (p).a, (p).b from t;
