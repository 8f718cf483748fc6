create function eq(int4range, int4range) returns bool language internal immutable strict as 'range_eq';
create operator === (leftarg = int4range, rightarg = int4range, function = eq, join = eqjoinsel);
create view v as select '[1,2)'::int4range operator(public.===) '[1,2)'::int4range as same;
