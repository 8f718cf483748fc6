create table p (id int, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
