create table t (id int, title text);
create view v as select title from t;
