create table t(a int, b int, c int);
grant insert on t to anon;
grant select (b, c) on t to authenticated with grant option;
grant update (a) on t to service_role;
