create type ca_t as (a int);
create function f(ca_t) returns int language sql immutable as 'select ($1).a';
create type e as enum ('x');
