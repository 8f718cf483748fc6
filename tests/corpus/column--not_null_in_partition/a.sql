-- needs: 18
create table t (a int constraint whole not null, b int not null, c int) partition by range (a);
create table p1 partition of t for values from (1) to (10);
create table p2 (a int constraint whole not null, b int constraint part not null, c int not null);
alter table t attach partition p2 for values from (10) to (20);
