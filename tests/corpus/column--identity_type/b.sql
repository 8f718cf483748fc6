create table t (id bigint generated always as identity, n text);
insert into t (n) values ('x');
