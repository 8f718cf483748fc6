alter default privileges in schema public revoke select, insert, update, delete on tables
  from anon, authenticated, service_role;
create table public.t (id int);
