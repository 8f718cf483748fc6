-- needs: 18
create table t (a int not null, b int constraint given not null, c int constraint renamed not null);
insert into t values (1, 2, 3);
