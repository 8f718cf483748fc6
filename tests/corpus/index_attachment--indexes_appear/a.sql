create table p (id int, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by list (v);
create table p21 partition of p2 default;
