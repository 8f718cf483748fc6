create table t (a int);
create function f() returns int begin atomic select max(a) from t; end;
