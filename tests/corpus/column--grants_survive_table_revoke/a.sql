create table t(a int, b int);
grant select on t to anon;
grant select (b) on t to anon;
