create function f(a int, b int default 2) returns int language sql as 'select a + b';
create view v as select f(1);
grant execute on function f to anon;
create function h(x int) returns int language sql as 'select 1';
