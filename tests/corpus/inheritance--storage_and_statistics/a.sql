create table parent (a int, b text); create table child (c text) inherits (parent);
