-- needs: 18
create table t (a int constraint alone not null no inherit, b int not null, c int not null no inherit);
create table child () inherits (t);
