create type e as enum ('z', 'a', 'b', 'c', 'd');
create table t (e e default 'c');
insert into t values ('a');
