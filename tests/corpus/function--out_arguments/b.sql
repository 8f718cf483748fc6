create function f(in a int, out b bigint, inout c text) language sql as 'select 1::bigint, $2';
