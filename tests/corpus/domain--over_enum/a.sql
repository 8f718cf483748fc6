create type mood as enum ('a', 'c');
create domain dm as mood default 'a';
create table t(id int primary key, m dm);
insert into t values (1, 'c');
