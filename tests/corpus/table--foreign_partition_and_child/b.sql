create foreign data wrapper w; create server s foreign data wrapper w;
create table p (id int, v text) partition by list (id);
create foreign table far partition of p for values in (1) server s options (x 'y');
create table parent (a int, b text default 'x');
create foreign table child (c int) inherits (parent) server s;
