create table p (id int, a int) partition by range (id);
create table p1 partition of p (constraint ck check (a > 0)) for values from (0) to (10);
