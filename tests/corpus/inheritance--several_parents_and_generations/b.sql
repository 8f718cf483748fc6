create table parent (a int not null, b text default 'p', constraint ck check (a > 0), constraint own check (a < 1000) no inherit);
create table parent2 (c int);
create table child (b text default 'c', d int) inherits (parent, parent2);
create table local (a int not null, x int, constraint ck check (a > 0));
alter table local add column b text; alter table local inherit parent;
create table grandchild () inherits (child);
alter table grandchild alter column b set default 'g';
