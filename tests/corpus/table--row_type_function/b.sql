create table t(id int);
create function f(t) returns int language sql as 'select ($1).id';
create view v as select f(t) from t;
