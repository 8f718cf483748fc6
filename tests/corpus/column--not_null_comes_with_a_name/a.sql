-- needs: 18
create table t (a int, b int constraint "It's ""here""" not null);
insert into t values (1, 2);
