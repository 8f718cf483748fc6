create sequence s;
create table t (a int default nextval('s'));
create table u (a bigint default nextval('s'), b int);
