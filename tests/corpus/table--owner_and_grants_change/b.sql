create table t (id int);
alter table t owner to service_role;
grant insert on t to authenticated;
