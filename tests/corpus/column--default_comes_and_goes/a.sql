create table t (a int, b int default 3);
insert into t values (1, 1);
