create type mood as enum ();
create table t (id int primary key, m mood);
