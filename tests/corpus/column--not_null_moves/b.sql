-- needs: 18
create table t (c int not null, b text constraint kb not null, a int constraint ka not null);
insert into t values (2, 'x', 1);
