create table t (id int not null);
create unique index two on t (id);
alter table t replica identity using index two;
