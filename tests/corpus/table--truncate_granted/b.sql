create table t (id int);
grant all on t to anon;
revoke truncate on t from anon;
