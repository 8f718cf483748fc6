create table parent (a int, b text); create table child (c text) inherits (parent);
alter table only parent alter b set storage external; alter table only child alter b set statistics 77;
alter table child alter b set (n_distinct = 5); alter table child alter c set compression pglz;
