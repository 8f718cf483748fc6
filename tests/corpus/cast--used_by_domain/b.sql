create type pair as (a int, b int);
create function zz(pair) returns int language sql immutable as 'select ($1).a';
create cast (pair as int) with function zz(pair);
create domain positive as pair check (value::int > 0);
create function aa(pair) returns int language sql begin atomic select $1::int; end;
create table t (p pair check (p::int > 1), n int generated always as ((p)::int) stored);
