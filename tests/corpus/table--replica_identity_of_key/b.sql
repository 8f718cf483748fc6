create table t (id int not null, other int not null, constraint k unique (id), constraint k2 unique (other));
alter table t replica identity using index k2;
