-- needs: 18
create table t (a int not null, b int constraint named not null, c int);
create table child (c int not null) inherits (t);
create table grand (constraint mine not null a) inherits (child);
