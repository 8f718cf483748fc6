create table t (a int check (a > 0), b text);
create index i on t ((a + 1)) where a > 5;
create unique index u on t (b);
insert into t values (6, 'x');
