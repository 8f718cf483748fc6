create sequence s start 5;
create table t(id bigint default nextval('s'));
