create function f() returns int language sql set search_path = public, "A b" set work_mem = '1MB' as 'select 1';
