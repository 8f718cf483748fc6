create table t(a int);
alter table t enable row level security;
create policy p on t to authenticated, anon using (a > 5) with check (a < 9);
create policy q on t for update to authenticated using (a > 3);
create policy r on t as restrictive for insert with check (a in (1, 2));
comment on policy r on t is 'strict';
