create table t(a int, b int, id serial primary key, z text);
create table u(t int references t);
