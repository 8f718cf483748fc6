create table t (id int primary key);
create publication p2 for table t;
