create table t (a int not null, b int, c int);
insert into t values (1, 2, 3);
