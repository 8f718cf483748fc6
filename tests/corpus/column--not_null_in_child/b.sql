-- needs: 18
create table t (a int not null, b int constraint named not null, c int);
create table child (c int constraint own not null) inherits (t);
