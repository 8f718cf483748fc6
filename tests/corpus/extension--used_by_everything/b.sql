create schema x;
create extension citext schema x; create extension btree_gist; create extension hstore;
create domain d as x.citext check (value <> 'a');
create table t (a x.citext primary key, b d, h hstore, r int4range, i int, exclude using gist (i with =, r with &&));
create view v as select a || 'x' as a, h -> 'k' as k from t;
create function f(x.citext, out hstore) language sql as 'select null::public.hstore';
create index i on t using gin (h);
create policy p on t using (a = 'me'::x.citext);
