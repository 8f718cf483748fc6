-- needs: 18
create table t (a int constraint given not null, b int not null, c int constraint other not null);
insert into t values (1, 2, 3);
