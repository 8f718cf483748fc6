create type pair as (a int, b text);
create function add(pair, pair) returns pair language sql as 'select $1';
create operator + (leftarg = pair, rightarg = pair, function = add);
create table t (p pair default row(1, '2')::pair operator(public.+) row(1, '2')::pair);
