create table t (a int, b int);
alter table t owner to service_role;
grant delete on t to anon with grant option;
grant update (a) on t to anon with grant option;
revoke insert on t from service_role;
