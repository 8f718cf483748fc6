create function f(a int default 1, b int default 2) returns int language sql as 'select 1';
