create table parent (a int default 11, b int default 2, c int default 3);
create table child () inherits (parent);
alter table child alter a set default 12, alter b drop default, alter c drop default;
