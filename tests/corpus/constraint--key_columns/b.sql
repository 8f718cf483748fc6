create table t (a int, b int, constraint k primary key (b, a));
insert into t values (1, 2);
