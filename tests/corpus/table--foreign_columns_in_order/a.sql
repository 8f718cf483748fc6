create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (a int, b text, c int) server s;
