create table t (x int, id int primary key, a bigint);
create publication p for table t (id, a) where (a > 1);
insert into t values (0, 1, 2);
