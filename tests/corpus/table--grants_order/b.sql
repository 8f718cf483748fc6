create table t(a int);
grant insert, select on t to service_role with grant option;
grant select on t to authenticated;
grant select on t to anon;
revoke insert on t from postgres;
create function f() returns int language sql as 'select 1';
revoke all on function f from public;
grant execute on function f to anon, service_role;
