create type e as enum ('a', 'b', 'c');
create table t (e e, f e[]);
insert into t values ('a', '{b,c}');
