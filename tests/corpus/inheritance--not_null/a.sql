create table parent (a int, b int not null); create table child () inherits (parent);
