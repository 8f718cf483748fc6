create table t (a int, b int);
comment on column t.a is 'first';
