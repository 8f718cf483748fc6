create type x as enum ('a', 'b');
create table t (id int, a x default 'a', b x[]);
insert into t values (1, 'a', null);
create view v as select a from t;
create function f(x) returns x language sql as 'select $1';
