create table t (id int generated always as identity (minvalue 1 maxvalue 1000 start 10), n text);
insert into t (n) values ('a'), ('b');
