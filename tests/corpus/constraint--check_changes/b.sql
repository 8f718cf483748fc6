create table t (a int, constraint c check (a > 1 and a < 100));
insert into t values (5);
