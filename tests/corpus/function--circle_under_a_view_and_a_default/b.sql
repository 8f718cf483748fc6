create table t (a int, b boolean);
