create table t (id int);
alter table t owner to anon;
revoke all on t from anon;
