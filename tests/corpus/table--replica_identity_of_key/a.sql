create table t (id int not null, other int not null, constraint k unique (id));
alter table t replica identity using index k;
