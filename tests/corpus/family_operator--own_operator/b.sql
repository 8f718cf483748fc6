create function eq(a int4, b int8) returns bool language internal immutable strict as 'int48eq';
create operator === (leftarg = int4, rightarg = int8, function = eq, merges);
create operator family f using btree;
alter operator family f using btree add operator 3 === (int4, int8);
