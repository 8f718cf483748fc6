create table parent (a int, z int);
create table child (c int) inherits (parent);
create view v as select a, z, c from child;
insert into child values (1, 2, 3);
-- rows: select concat(a, z, c) from child => 123
