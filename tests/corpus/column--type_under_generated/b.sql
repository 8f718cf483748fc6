create table t(a bigint, v varchar(9), g int generated always as (a * 2) stored, h text generated always as (lower(v)) stored);
create index i on t(g);
