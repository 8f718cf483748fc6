create schema a; create schema b;
create extension hstore schema a;
create extension pg_trgm schema a;
create table t (h a.hstore default 'x=>1');
create function f(a.hstore) returns int language sql as 'select 1';
insert into t values (default);
