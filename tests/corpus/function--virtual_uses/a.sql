-- needs: 18
create function f(int) returns int language sql immutable as 'select $1';
create table t (id int, check (f(id) > 0), twice int generated always as (id * 2) virtual check (twice > 0));
