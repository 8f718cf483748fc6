create table t (a int, b int, c int);
create unique index i on t (a) include (c, b);
