create table p (id int, v text) partition by range (id);
create table p1 (id int, v text);
create index a_first on p1 (v); create index b_second on p1 (v);
create index by_v on only p (v);
alter table p attach partition p1 for values from (0) to (10);
