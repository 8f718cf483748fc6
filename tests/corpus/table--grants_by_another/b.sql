create table t(a int);
grant select, insert on t to anon with grant option;
set role anon;
grant select on t to authenticated;
reset role;
