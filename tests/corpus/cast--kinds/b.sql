create type ca_t as (a int);
create function f(ca_t) returns int language sql immutable as 'select ($1).a';
create type e as enum ('x');
create cast (ca_t as int) with function f(ca_t) as assignment;
create cast (ca_t as text) with inout as implicit;
create cast (varchar as e) with inout;
comment on cast (ca_t as int) is 'cast';
create view v as select row(1)::ca_t::int as i;
