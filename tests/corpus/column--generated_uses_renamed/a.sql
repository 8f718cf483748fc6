create table t(id int primary key, loc text, starts_at int, ends_at int, duration int generated always as (ends_at - starts_at) stored);
insert into t(id, loc, starts_at, ends_at) values (1, 'x', 2, 5);
