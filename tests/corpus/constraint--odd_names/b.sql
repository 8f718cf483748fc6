create table t (a int, constraint "it's a ""check""" check (a > 1));
