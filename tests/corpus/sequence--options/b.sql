create sequence s as int increment 2 minvalue 1 maxvalue 1000 start 7 cache 3 cycle;
create table t(id bigint default nextval('s'));
grant usage on sequence s to anon;
comment on sequence s is 'numbers';
