create table t(a int, b int, id bigint generated always as identity (start 5) primary key, z text default 'z');
grant usage on sequence t_id_seq to anon;
create view v as select id, z from t;
