create table t (a int, b text);
create function f(t, int) returns int language sql as 'select $1.a';
create function g() returns setof t language sql as 'select * from t';
