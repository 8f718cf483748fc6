-- needs: 18
create table t (a int, b int, c int not null, d int);
insert into t values (1, 2, 3, 4);
alter table t add constraint a_later not null a not valid;
alter table t add not null d not valid;
