create table t (a bigint, b text);
create view v1 as select a, upper(b) as b from t;
create view v2 as select a, b from v1 where a > 0;
create view v3 as select v2.a, v1.b from v2 join v1 using (a);
