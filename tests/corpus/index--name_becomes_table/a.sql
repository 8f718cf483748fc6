create table t (a int);
create index x on t (a);
