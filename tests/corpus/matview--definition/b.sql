create table t(a int, b int);
create materialized view m with (fillfactor = 50) as select a, b from t;
create unique index mi on m(a);
grant select on m to anon;
comment on materialized view m is 'mv';
comment on column m.b is 'bee';
