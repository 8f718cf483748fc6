-- needs: 17
create table t (id int);
grant maintain on t to anon;
grant all on t to authenticated;
revoke maintain on t from postgres;
create materialized view m as select id from t;
grant maintain on m to anon with grant option;
