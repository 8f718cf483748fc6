create table parent (a int, c int);
create table child (d int) inherits (parent);
insert into child values (1, 3, 4);
-- rows: select a + d from child => 5
