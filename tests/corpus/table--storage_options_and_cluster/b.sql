create table t (id int primary key, a text, b text) with (autovacuum_enabled = false, toast_tuple_target = 200, toast.autovacuum_enabled = false);
create index on t (a); cluster t using t_a_idx;
alter table t alter a set storage external, alter b set statistics 55; alter table t alter id set (n_distinct = -0.5);
create table u (id serial, x text); alter table t replica identity full;
