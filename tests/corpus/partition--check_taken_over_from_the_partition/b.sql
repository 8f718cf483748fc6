create table p (id int, a int, constraint ck check (a > 0)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
