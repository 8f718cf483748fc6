create table t (a int, constraint one check (a > 0), constraint u unique (a));
