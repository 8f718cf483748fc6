create collation c (lc_collate = 'C', lc_ctype = 'POSIX');
create domain d as text collate c;
create type pair as (a text collate c, b int);
create table t (id int primary key, a text collate c, b text collate c check (b > 'a'), d d);
create index i on t (a);
create unique index u on t (lower(a) collate c);
create view v as select a, b collate c as b from t;
insert into t values (1, 'x', 'b', 'd');
