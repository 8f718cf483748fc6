create table t(id int, constraint k primary key (id));
comment on index k is 'its index';
create table u(id int);
