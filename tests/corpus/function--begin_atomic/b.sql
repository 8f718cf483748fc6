create table t(a int, b text);
create function f() returns bigint begin atomic select count(*) from t where b is not null; end;
create procedure p(inout x int) language plpgsql as 'begin x := 1; end';
create function g(variadic a int[], out o int, out q text) language sql as 'select 1, ''x''';
