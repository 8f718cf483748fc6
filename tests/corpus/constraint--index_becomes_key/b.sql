create table t(id int not null, constraint k unique (id));
