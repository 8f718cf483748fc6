create function eq(int4range, int4range) returns bool language internal immutable strict as 'range_eq';
create function ne(int4range, int4range) returns bool language internal immutable strict as 'range_ne';
create operator === (leftarg = int4range, rightarg = int4range, function = eq, commutator = ===,
  negator = !==, hashes, merges);
create operator !== (leftarg = int4range, rightarg = int4range, function = ne, commutator = !==, negator = ===);
