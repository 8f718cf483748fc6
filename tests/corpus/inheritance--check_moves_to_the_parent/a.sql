create table parent (a int);
create table child (constraint ck check (a > 0)) inherits (parent);
