-- needs: 18
create table t (a int constraint alone not null, b int not null no inherit, c int);
create table child () inherits (t);
