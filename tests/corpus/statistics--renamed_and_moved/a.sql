create schema x;
create table t (a int, b int);
create statistics s1 on a, b from t;
create statistics s3 on a, b from t;
