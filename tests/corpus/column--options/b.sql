create table t (a int, b int);
alter table t alter a set (n_distinct = -0.5, n_distinct_inherited = 3);
alter table t alter b set (n_distinct = 2);
