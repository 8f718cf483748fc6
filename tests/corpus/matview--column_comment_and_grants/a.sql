create materialized view m as select 1 as a, 2 as b;
comment on column m.a is 'a';
grant select (a) on m to anon;
