create materialized view m as select 1 as a with no data;
create function n() returns bigint language sql as 'select 1';
drop materialized view m;
create materialized view m as select n() as a where false;
create or replace function n() returns bigint language sql begin atomic select count(*) from m; end;
