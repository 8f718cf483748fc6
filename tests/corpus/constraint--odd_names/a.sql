create table t (a int, constraint "it's a ""check""" check (a > 0), constraint "UNIQUE" unique (a));
comment on constraint "it's a ""check""" on t is 'x';
