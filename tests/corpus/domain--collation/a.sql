create domain d as text;
create table t (id int primary key, a d);
insert into t values (1, 'x');
create view v as select a from t;
