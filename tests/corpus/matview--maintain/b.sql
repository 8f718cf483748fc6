-- needs: 17
create materialized view m as select 1 as a;
grant select on m to anon;
