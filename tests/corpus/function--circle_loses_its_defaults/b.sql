create function f(a int) returns int language sql as 'select 1';
create function g(a int, b int default f(1)) returns int language plpgsql as 'begin return 1; end';
create or replace function f(a int default g(1, 2)) returns int language sql as 'select 1';
