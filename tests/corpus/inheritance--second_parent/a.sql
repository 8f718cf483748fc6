create table one (a int, b int); create table two (b int, c int);
create table child (c int, d int) inherits (one);
insert into child values (1, 2, 3, 4);
-- rows: select a + b + c + d from child => 10
