create materialized view m with (fillfactor = 70) as select 1 as a, 'x'::text as b;
alter materialized view m owner to anon;
