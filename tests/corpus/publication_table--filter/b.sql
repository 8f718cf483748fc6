create table t(id int primary key, x int);
create table u(id int primary key);
create publication p for table t where (id > 5), u;
