-- needs: 17
create materialized view m as select 1 as a;
grant maintain on m to anon;
