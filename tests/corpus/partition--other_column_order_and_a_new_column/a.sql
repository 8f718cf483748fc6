create table p (id int, k int) partition by range (id);
create table p1 (k int, id int);
alter table p attach partition p1 for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
