create type pair as (a int, b int);
create function lt(pair, pair) returns bool language internal immutable strict as 'record_lt';
create function le(pair, pair) returns bool language internal immutable strict as 'record_le';
create function eq(pair, pair) returns bool language internal immutable strict as 'record_eq';
create function ge(pair, pair) returns bool language internal immutable strict as 'record_ge';
create function gt(pair, pair) returns bool language internal immutable strict as 'record_gt';
create function cmp(pair, pair) returns int language internal immutable strict as 'btrecordcmp';
create operator < (leftarg = pair, rightarg = pair, function = lt, commutator = >);
create operator <= (leftarg = pair, rightarg = pair, function = le, commutator = >=);
create operator = (leftarg = pair, rightarg = pair, function = eq, commutator = =, merges);
create operator >= (leftarg = pair, rightarg = pair, function = ge, commutator = <=);
create operator > (leftarg = pair, rightarg = pair, function = gt, commutator = <);
create operator class pair_ops default for type pair using btree as operator 1 <, operator 2 <=,
  operator 3 =, operator 4 >=, operator 5 >, function 1 cmp(pair, pair);
create table t (p pair primary key, q pair unique);
create view v as select distinct p, q from t order by q;
