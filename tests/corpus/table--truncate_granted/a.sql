create table t (id int);
grant all on t to anon, authenticated;
