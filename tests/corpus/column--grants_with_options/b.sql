create table t (a int, b int);
grant select (a, b), references (b) on t to anon;
grant insert (a) on t to public;
