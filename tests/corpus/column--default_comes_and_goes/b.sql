create table t (a int default 3, b int);
insert into t values (1, 1);
