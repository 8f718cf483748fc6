create table m(u text, t int);
create function may(int) returns bool language sql security definer set search_path = '' as 'select exists (select from public.m where t = $1)';
create table t(a int);
alter table t enable row level security;
create policy p on t using (may(a));
create policy q on m using (exists (select from t where t.a = m.t));
alter table m enable row level security;
