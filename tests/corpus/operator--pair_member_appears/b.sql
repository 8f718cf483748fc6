create function lt(int4range, int4range) returns bool language internal immutable strict as 'range_lt';
create function gt(int4range, int4range) returns bool language internal immutable strict as 'range_gt';
create operator <<| (leftarg = int4range, rightarg = int4range, function = lt, commutator = |>>);
create operator |>> (leftarg = int4range, rightarg = int4range, function = gt, commutator = <<|);
create view v as select '[1,2)'::int4range operator(public.<<|) '[1,2)'::int4range as same;
