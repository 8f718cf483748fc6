create table t(id int, constraint k primary key (id));
