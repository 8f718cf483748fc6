create table t(a int, b int);
grant select (b) on t to anon;
