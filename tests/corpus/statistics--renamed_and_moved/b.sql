create schema x;
create table t (a int, b int);
create statistics x.s1 on a, b from t;
create statistics s2 on a, b from t;
