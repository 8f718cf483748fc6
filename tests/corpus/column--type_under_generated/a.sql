create table t(a int, v varchar(5), g int generated always as (a * 2) stored, h text generated always as (lower(v)) stored);
insert into t(a, v) values (1, 'X');
create index i on t(g);
