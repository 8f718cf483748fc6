create materialized view m as select 1 as a, 'x'::text as b;
create unique index i on m (b);
comment on index i is 'of a matview';
