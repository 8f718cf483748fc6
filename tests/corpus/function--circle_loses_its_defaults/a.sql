create function f(a int) returns int language sql as 'select 1';
create function g(a int, b int) returns int language sql as 'select 1';
