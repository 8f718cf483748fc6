create table t (id int not null);
create unique index one on t (id);
alter table t replica identity using index one;
