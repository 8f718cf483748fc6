-- needs: 18
create table t (a int not null, b int, constraint t_b_not_null check (a > 0));
alter table t alter b set not null;
