create type e as enum ('a', 'b', 'c');
create table t (e e default 'a', check (e <> 'b'));
create index i on t (e) where e = 'a';
create view v as select e from t where e = 'a';
create function f(e) returns e language sql as 'select $1';
create policy p on t using (e = 'a');
