create table t (e int, c int, a int, d int, b int);
insert into t values (5, 3, 1, 4, 2);
