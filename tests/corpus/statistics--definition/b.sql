create table t (a int, b int, c int);
create statistics s (mcv, ndistinct) on a, c from t;
create statistics e on (a - b), c from t;
comment on statistics s is 'kept';
