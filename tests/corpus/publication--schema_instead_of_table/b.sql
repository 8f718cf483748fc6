create schema s; create table s.t (id int primary key); create table s.u (id int primary key);
create publication p for tables in schema s;
create publication q for table s.t (id), s.u;
