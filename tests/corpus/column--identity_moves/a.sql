create table t(a int, id bigint generated always as identity (start 5), z text default 'z');
insert into t(a, z) values (1, 'one');
grant usage on sequence t_id_seq to anon;
create view v as select id, z from t;
