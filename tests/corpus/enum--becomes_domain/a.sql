create type x as enum ('a');
create table t (a x);
