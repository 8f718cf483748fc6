create materialized view m as select 1 as a, 2 as b;
comment on column m.b is 'b';
grant select (b) on m to anon;
