-- needs: 18
create table t (a int, constraint c check (a > 0), constraint d check (a > 1) not enforced);
