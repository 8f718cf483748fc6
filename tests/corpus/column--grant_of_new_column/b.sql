create table t (b text, a int);
grant select (a, b) on t to anon;
