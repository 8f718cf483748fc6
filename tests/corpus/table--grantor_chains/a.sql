create table t (id int, a text);
grant select on t to anon with grant option;
