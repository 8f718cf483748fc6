create table parent (a int, b text, c int);
create table child (d int) inherits (parent);
insert into child values (1, 'x', 3, 4);
-- rows: select a + d from child => 5
