create table t (id int generated always as identity (increment -1 minvalue -500 maxvalue 5 start 5 cache 4), n text);
insert into t (n) values ('a'), ('b');
