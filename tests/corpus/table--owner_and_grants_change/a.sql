create table t (id int);
alter table t owner to anon;
grant select on t to authenticated;
