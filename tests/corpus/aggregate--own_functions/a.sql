create function step(state int, x int) returns int language sql as 'select $1 + $2';
create function finish(state int) returns text language sql as 'select $1::text';
create aggregate total(x int) (sfunc = step, stype = int, finalfunc = finish, initcond = '0');
