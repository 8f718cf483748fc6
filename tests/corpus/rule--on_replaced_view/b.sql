create table t (id int, a text);
create view v as select id, a from t where id > 0;
create rule d as on delete to v do instead delete from t where id = old.id;
comment on rule d on v is 'dee';
