create table p (id int, a int not null, b int, c int) partition by range (id);
create table p1 partition of p (b not null) for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
