-- needs: 18
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (a int not null, b int constraint k not null) server s;
