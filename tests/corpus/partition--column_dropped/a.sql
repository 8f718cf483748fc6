create table p (id int, v text, w int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create index on p (w);
