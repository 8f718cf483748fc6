create table t (id int primary key, a int, b int); create table u (id int primary key, a int);
create table w (id int primary key);
create publication p for table t (id, a) where (a > 5), u;
create publication q for table t, w where (id > 1);
