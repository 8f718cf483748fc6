create table t (id int, a text);
grant select, insert, update, delete, truncate, references, trigger on t to anon;
grant all on t to authenticated with grant option;
grant select (id), update (a) on t to service_role;
create view v as select id from t;
grant select, update on v to anon;
