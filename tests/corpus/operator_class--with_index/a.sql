create table t (a int4);
insert into t values (1), (2);
