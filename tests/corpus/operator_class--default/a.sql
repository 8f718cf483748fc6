create type pair as (a int, b int);
create function lt(pair, pair) returns bool language internal immutable strict as 'record_lt';
