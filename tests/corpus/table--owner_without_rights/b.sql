create table t (id int);
alter table t owner to anon;
revoke insert, update on t from anon;
