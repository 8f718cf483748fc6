create table t(id serial primary key, x text);
grant select on t to anon;
grant select (x) on t to authenticated;
