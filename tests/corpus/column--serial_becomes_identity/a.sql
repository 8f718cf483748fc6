create table t (id serial primary key, n text);
insert into t (n) values ('a'), ('b');
