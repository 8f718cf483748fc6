create table t(id int, constraint k primary key (id));
comment on index k is 'its index';
alter table t cluster on k;
