create table t(a int, b int, c int);
grant select on t to anon;
grant select (b), update (a) on t to authenticated;
