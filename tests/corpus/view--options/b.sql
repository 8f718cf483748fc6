create table t(a int, b int);
create view v with (security_invoker = true, security_barrier = true) as select a, b from t where a > 0 with local check option;
grant select on v to authenticated;
comment on view v is 'x';
comment on column v.a is 'col';
