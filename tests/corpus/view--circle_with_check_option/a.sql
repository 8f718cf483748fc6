create table t (a int, b text);
create view v as select a, b from t;
create function g(v) returns boolean language sql as 'select true';
create or replace view v with (check_option = local) as select a, b from t where g(null::v);
create view over_it with (check_option = cascaded) as select a from v where a > 1;
