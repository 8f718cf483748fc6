create table p (id int not null, k int not null, constraint u unique (id, k) deferrable initially deferred) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 (id int not null, k int not null, constraint mine unique (id, k) with (fillfactor = 60) deferrable initially deferred);
alter table p attach partition p2 for values from (10) to (20);
