create table t (a int, b int);
alter table t owner to anon;
grant select, insert on t to service_role with grant option;
grant update (a) on t to service_role;
