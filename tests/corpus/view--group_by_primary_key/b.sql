create table t(id int primary key, a text);
create view v as select id, a, count(*) from t group by id;
