create function f() returns setof int language sql rows 50 as 'select 1';
