create table t(id int not null generated always as identity (start 10 increment 5), x int not null);
grant usage on sequence t_id_seq to anon;
