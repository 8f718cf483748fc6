create function eq(int4range, int4range) returns bool language internal immutable strict as 'range_eq';
create operator === (leftarg = int4range, rightarg = int4range, function = eq, commutator = ===);
create table t (a int4range, b int4range, same boolean generated always as (a operator(public.===) b) stored,
  constraint c check (a operator(public.===) b));
insert into t values ('[1,2)', '[1,2)');
create index i on t ((a operator(public.===) b));
create view v as select * from t where a operator(public.===) b;
