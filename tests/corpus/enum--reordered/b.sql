create type e as enum ('c', 'b', 'a');
create table t (e e, f e[]);
insert into t values ('a', '{b,c}');
