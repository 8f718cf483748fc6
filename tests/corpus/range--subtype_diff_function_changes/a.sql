create function diff(float8, float8) returns float8 language sql immutable as 'select $1 - $2';
create type span as range (subtype = float8, subtype_diff = diff);
create table t (id int primary key, r span);
insert into t values (1, '[1,5)');
create index i on t using gist (r);
