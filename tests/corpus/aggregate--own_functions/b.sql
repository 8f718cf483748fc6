create function step(state bigint, x int) returns bigint language sql as 'select $1 + $2';
create function finish(state bigint) returns text language sql as 'select $1::text';
create aggregate total(x int) (sfunc = step, stype = bigint, finalfunc = finish, initcond = '0');
