create table t (x int, a bigint, b int);
create statistics s on a, b from t;
create statistics e on (a + x), b from t;
alter statistics s set statistics 55;
comment on statistics s is 'ess';
insert into t values (1, 2, 3);
