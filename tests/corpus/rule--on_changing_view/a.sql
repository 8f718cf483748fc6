create table t (id int, a text);
create view v as select id from t;
create rule r as on insert to v do instead insert into t (id) values (new.id);
create rule d as on delete to v do instead delete from t where id = old.id;
