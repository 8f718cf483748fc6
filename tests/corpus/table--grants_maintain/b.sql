-- needs: 17
create table t (id int);
grant maintain, select on t to anon with grant option;
grant select, insert on t to authenticated;
create materialized view m as select id from t;
