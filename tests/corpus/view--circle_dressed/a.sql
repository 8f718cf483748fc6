create view v with (security_barrier = true, security_invoker = true) as select 1 as a, 2 as b;
create function g(v) returns int language sql immutable as 'select 1';
create or replace view v with (security_barrier = true, security_invoker = true) as
  select g(null::v) as a, 2 as b;
alter view v alter a set default g(null::v);
comment on view v is 'a view'; comment on column v.a is 'an a';
grant select on v to anon; grant update (b) on v to authenticated;
alter view v owner to service_role;
