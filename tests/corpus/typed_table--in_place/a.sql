create type pair as (a int, b text); create schema s; create type s."Pair" as (a int, b text);
create table t (a int, b text); insert into t values (1, 'x');
create table u of pair;
-- rows: select count(*) from t => 1
