create table t (a int, b int);
grant select (a), update (b) on t to anon with grant option;
