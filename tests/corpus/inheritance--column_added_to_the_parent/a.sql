create table parent (a int);
create table child (c int) inherits (parent);
create table grandchild (d int) inherits (child);
insert into grandchild values (1, 2, 3);
-- rows: select a + c + d from grandchild => 6
