create table parent (a int, b text, constraint ck check (a > 0));
create table child (c int) inherits (parent);
insert into child values (1, 'x', 2);
-- rows: select b from child => x
