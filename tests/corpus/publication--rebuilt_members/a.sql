create table t (id int primary key, a int);
create publication p for table t (id, a) where (a > 1);
insert into t values (1, 2);
