create table t (a int, b int);
create index i on t (a desc nulls last, b);
