create table t (a bigint);
create function f() returns bigint begin atomic select max(a) from t; end;
