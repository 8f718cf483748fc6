create table t (id int primary key);
create publication p1 for table t;
