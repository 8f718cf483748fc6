create table parent (a bigint, b text);
create table child (c int) inherits (parent);
create view v as select b, c from child;
create index on child (b);
insert into child values (1, 'x', 3);
-- rows: select b from child => x
