create table t (id int, a text);
create view v as select a, id from t;
create rule r as on insert to v do instead insert into t (id, a) values (new.id, new.a);
create rule d as on delete to v do instead delete from t where id = old.id;
