create type pair as (a bigint, b text, c date);
create table t of pair (b not null); insert into t values (1, '2');
create function f(pair) returns int language sql as 'select 1';
-- rows: select a from t => 1
