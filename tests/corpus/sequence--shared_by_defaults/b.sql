create sequence s start 100;
create table t (a int default nextval('s'));
create table u (a bigint, b int default nextval('s'));
