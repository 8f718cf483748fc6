create table t (a int, b int, c int);
create statistics s on a, b from t;
create statistics r on b, c from t;
create statistics e on (a + c), b from t;
alter statistics s set statistics 55;
comment on statistics s is 'ess';
insert into t values (1, 2, 3);
