create function even(n int) returns boolean language sql as 'select true';
create function odd(n int) returns boolean language sql begin atomic select n <> 0 and even(n - 1); end;
create or replace function even(n int) returns boolean language sql immutable begin atomic select n = 0 or odd(n - 1); end;
create table t (a int, b boolean default odd(3), check (even(a)), e boolean generated always as (even(a)) stored);
create index on t ((even(a)));
create view v as select even(a) from t;
