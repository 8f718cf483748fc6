create table parent (a int default 1, b int default 2, c int);
create table child () inherits (parent);
