create type span as range (subtype = int8, subtype_diff = int8range_subdiff);
create table t (id int primary key, r span, m span_multirange, a span[]);
insert into t values (1, '[1,5)', '{[1,2),[4,5)}', array['[1,2)'::span]);
create index i on t using gist (r);
create view v as select lower(r) as l, r, m from t;
create function f(span) returns int language sql as 'select 1';
