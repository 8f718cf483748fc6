create table t (id int, n int generated always as (id + 1) stored, m int default 4);
