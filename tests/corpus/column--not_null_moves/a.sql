-- needs: 18
create table t (a int constraint ka not null, b text constraint kb not null, c int not null);
insert into t values (1, 'x', 2);
