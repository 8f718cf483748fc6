create text search dictionary d (template = snowball, language = english);
create text search configuration c (copy = simple);
alter text search configuration c alter mapping for asciiword, word with d;
create table t (id int, a text, v tsvector generated always as (to_tsvector('c', a)) stored, z int);
insert into t (a) values ('x');
