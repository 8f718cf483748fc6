create function f(a int, variadic b text[]) returns int language sql as 'select 1';
