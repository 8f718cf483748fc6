create function lt(int4range, int4range) returns bool language internal immutable strict as 'range_lt';
create function gt(int4range, int4range) returns bool language internal immutable strict as 'range_gt';
create function neg(int4range) returns bool language sql as 'select isempty($1)';
create operator <<| (leftarg = int4range, rightarg = int4range, function = lt, commutator = |>>,
  restrict = scalarltsel, join = scalarltjoinsel);
create operator |>> (leftarg = int4range, rightarg = int4range, function = gt, commutator = <<|);
create operator !!! (rightarg = int4range, function = neg);
comment on operator <<| (int4range, int4range) is 'before';
comment on operator !!! (none, int4range) is 'empty';
alter operator !!! (none, int4range) owner to anon;
