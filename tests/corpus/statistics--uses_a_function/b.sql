create function g(int) returns int language sql immutable as 'select $1';
create table t (a int, b int);
create statistics s on g(a), b from t;
