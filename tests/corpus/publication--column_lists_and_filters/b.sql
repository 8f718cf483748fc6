create table t (id int primary key, a int, b int); create table u (id int primary key, a int);
create table w (id int primary key);
create publication p for table t (id, b) where (b > 5), u (id);
create publication q for table t where (id < 9), u, w;
