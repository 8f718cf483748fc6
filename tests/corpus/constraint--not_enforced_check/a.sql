-- needs: 18
create table t (a int, constraint c check (a > 0) not enforced, constraint d check (a > 1));
