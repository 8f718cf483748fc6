create table t (id int);
grant select on t to anon;
grant insert on t to anon with grant option;
