-- needs: 18
create table t (a int, b int, c int, d int not null);
insert into t values (1, 2, 3, 4);
alter table t add constraint a_later not null a;
alter table t add constraint c_later not null c not valid;
