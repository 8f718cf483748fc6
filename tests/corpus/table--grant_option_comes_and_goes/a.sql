create table t (id int);
grant select, insert on t to anon with grant option;
