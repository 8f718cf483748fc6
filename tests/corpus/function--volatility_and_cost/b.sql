create function f(int) returns int language sql stable leakproof cost 500 as 'select $1';
