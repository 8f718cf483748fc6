create function ok(int, text) returns bool language sql immutable as 'select $1 > 0';
create table t (a int, b text, constraint c check (ok(a, b)));
