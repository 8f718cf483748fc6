create table t(id int not null, constraint u unique (id));
