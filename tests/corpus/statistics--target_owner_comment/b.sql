create table t (a int, b int);
create statistics s on a, b from t;
alter statistics s owner to authenticated;
comment on statistics s is 'ess';
create statistics u on a, b from t;
alter statistics u set statistics 0;
