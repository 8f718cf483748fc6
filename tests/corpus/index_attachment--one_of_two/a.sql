create table p (id int, v text) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create index by_v on only p (v);
create index one on p1 (v); create index two on p2 (v);
alter index by_v attach partition one;
