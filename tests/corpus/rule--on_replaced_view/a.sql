create table t (id int, a text);
create view v as select id from t;
create rule d as on delete to v do instead delete from t where id = old.id;
