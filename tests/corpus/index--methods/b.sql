create table t (a int, b text[], c jsonb, d tsvector, e point);
create index h on t using btree (a);
create index g on t using gin (c jsonb_path_ops) with (fastupdate = off);
create index br on t using brin (a int4_minmax_multi_ops);
create index s on t using spgist (e);
