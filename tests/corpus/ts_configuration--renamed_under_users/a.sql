create text search configuration c1 (copy = english);
create table t (id int primary key, a text, v tsvector generated always as (to_tsvector('c1', a)) stored);
create function f(text) returns tsvector language sql immutable begin atomic select to_tsvector('c1', $1); end;
create index i on t using gin (to_tsvector('c1', a));
insert into t values (1, 'words');
