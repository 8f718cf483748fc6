create table parent (a int not null, b int not null, c int); create table child () inherits (parent);
alter table child alter c set not null;
