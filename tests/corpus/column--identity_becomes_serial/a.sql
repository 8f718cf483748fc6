create table t (name text, id bigint generated always as identity primary key);
insert into t(name) values ('x');
