create function ok(a int) returns bool language sql immutable as 'select $1 > 1';
create domain d as int check (ok(value));
create table t (id int primary key, a d);
insert into t values (1, 5);
