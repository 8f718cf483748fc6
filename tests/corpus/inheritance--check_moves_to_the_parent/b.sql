create table parent (a int, constraint ck check (a > 0));
create table child () inherits (parent);
