create table t (id int primary key, n text);
insert into t values (1, 'x');
