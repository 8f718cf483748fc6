create domain d as text collate "C" not null default 'y' check (value <> '');
create table t (id int primary key, a d);
insert into t values (1, 'x');
create view v as select a from t;
