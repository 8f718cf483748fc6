create function f() returns table (a int, c text, d int) language sql as $$ select 1, 'x', 2 $$;
