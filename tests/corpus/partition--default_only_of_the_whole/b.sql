create table p (id int, a text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
alter table only p alter a set default 'x';
alter table p add b int default 5; alter table only p1 alter b drop default;
