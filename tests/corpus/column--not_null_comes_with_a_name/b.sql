-- needs: 18
create table t (a int constraint needed not null, b int);
insert into t values (1, 2);
