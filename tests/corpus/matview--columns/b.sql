create table t(a text, b text);
create materialized view m as select a, b from t;
alter materialized view m alter column a set storage external;
alter materialized view m alter column b set storage main;
comment on column m.a is 'ay';
