create table t (id int, n int default 9, m int generated always as (id + 1) stored);
