create type pair as (a int, b int);
create function "to"(internal) returns internal language internal immutable as 'prsd_lextype';
create transform for pair language plpgsql (from sql with function "to"(internal));
create function f(pair) returns int transform for type pair language plpgsql as 'begin return 1; end';
