create table p (id int, a int, b int not null, c int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p (c not null) for values from (10) to (20);
