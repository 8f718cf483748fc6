create table t (a int, b int, c int, d int, e int);
insert into t values (1, 2, 3, 4, 5);
