create table t(id int primary key, starts_at int, ends_at int, duration int generated always as (ends_at - starts_at) stored, venue text);
