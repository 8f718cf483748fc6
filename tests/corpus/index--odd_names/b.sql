create table t (a int);
create index "It""s" on t (a);
create index "a.b" on t ((a + 2));
