create table t(a int);
alter default privileges in schema public grant select on tables to anon;
alter default privileges in schema public grant usage on sequences to authenticated;
alter default privileges revoke execute on functions from public;
create table u(id serial primary key, x int);
create function f() returns int language sql as 'select 1';
alter default privileges for role anon grant all on tables to service_role;
