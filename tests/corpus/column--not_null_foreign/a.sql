-- needs: 18
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (a int constraint k not null, b int not null) server s;
