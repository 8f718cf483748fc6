create function f(int) returns int language sql immutable as 'select $1';
create table t (a int, b int);
create statistics s on f(a), b from t;
