create table t (id int primary key, parent int references t);
insert into t values (1, null), (2, 1);
