create function f(x int, b int) returns int language sql stable security definer set search_path = '' as 'select x * b';
create view v as select f(1, 2);
revoke execute on function f from public;
create function h(x int, y int default 3) returns int language sql as 'select 1';
comment on function h is 'aitch';
