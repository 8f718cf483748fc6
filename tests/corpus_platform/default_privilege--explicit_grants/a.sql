alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke execute on functions from anon, authenticated;
create table public.t (id int);
grant select on public.t to anon;
create function public.f() returns int language sql as 'select 1';
