create function f() returns bigint language sql as 'select 1::bigint';
create table t(id int default f(), g int default f() + 1);
