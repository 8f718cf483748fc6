create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (c int, a int, d text, b text) server s;
