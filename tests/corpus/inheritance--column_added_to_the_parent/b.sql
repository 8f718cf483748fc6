create table parent (a int);
create table child (c int) inherits (parent);
create table grandchild (d int) inherits (child);
alter table parent add b text not null default 'x', add e int;
alter table grandchild alter e set default 5; alter table only child alter b drop default;
insert into grandchild values (1, 2, 3);
-- rows: select a + c + d from grandchild => 6
