create table t(id int not null, constraint u unique (id));
alter table t replica identity using index u;
