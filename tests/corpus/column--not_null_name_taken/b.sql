-- needs: 18
create table t (a int, b int not null, constraint t_a_not_null check (b > 0));
alter table t alter a set not null;
