create type span;
create function canon(span) returns span language internal immutable strict as 'int4range_canonical';
create type span as range (subtype = int4, canonical = canon, subtype_diff = int4range_subdiff);
create table t (id int primary key, r span, m span_multirange);
insert into t values (1, '[1,5]', '{[1,2]}');
