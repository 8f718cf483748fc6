create table t (a int, b text[], c jsonb, d tsvector, e point);
create index h on t using hash (a);
create index g on t using gin (b);
create index br on t using brin (a) with (pages_per_range = 32);
