create table t(id int primary key, x int);
create publication p for table t;
