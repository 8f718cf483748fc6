create function lt(int4range, int4range) returns bool language internal immutable strict as 'range_lt';
create operator <<| (leftarg = int4range, rightarg = int4range, function = lt, commutator = |>>, negator = |>=);
