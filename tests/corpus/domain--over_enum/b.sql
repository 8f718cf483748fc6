create type mood as enum ('a', 'b', 'c');
create domain dm as mood default 'b';
create table t(id int primary key, m dm);
