create schema a; create schema b;
create extension hstore schema b;
create extension pg_trgm schema public;
create table t (h b.hstore default 'x=>1');
create function f(b.hstore) returns int language sql as 'select 1';
insert into t values (default);
