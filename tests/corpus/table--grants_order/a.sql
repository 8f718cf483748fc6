create table t(a int);
grant select on t to anon;
grant all on t to authenticated;
create function f() returns int language sql as 'select 1';
