create table t (a int, constraint two check (a > 0), constraint v unique (a));
