create type pair as (a int, b int);
create function f(pair, int, boolean) returns int language sql immutable as 'select 1';
create cast (pair as int) with function f(pair, int, boolean);
