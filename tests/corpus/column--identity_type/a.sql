create table t (id smallint generated always as identity, n text);
insert into t (n) values ('x');
