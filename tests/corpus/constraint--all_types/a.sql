create extension btree_gist;
create table p(id int primary key);
create table t(a int, b int, r int4range);
