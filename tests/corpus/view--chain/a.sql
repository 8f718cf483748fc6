create table t (a int, b text);
create view v1 as select a, b from t;
create view v2 as select a, b from v1;
create view v3 as select v2.a, v1.b from v2 join v1 using (a);
