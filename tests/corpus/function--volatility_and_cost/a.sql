create function f(int) returns int language sql immutable strict parallel safe cost 5 as 'select $1';
