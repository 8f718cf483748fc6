create table t (id int);
grant select, references on t to public;
grant trigger on t to anon with grant option;
