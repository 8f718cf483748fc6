create table t (a int, constraint k primary key (a) with (fillfactor = 90));
