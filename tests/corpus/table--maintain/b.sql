-- needs: 17
create table t (id int);
grant select on t to anon;
grant maintain on t to authenticated;
