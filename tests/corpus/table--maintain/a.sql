-- needs: 17
create table t (id int);
grant maintain on t to anon;
grant select, maintain on t to authenticated with grant option;
