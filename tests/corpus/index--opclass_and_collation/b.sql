create table t (a text, b varchar);
create index i on t (a collate "C" text_pattern_ops, b varchar_pattern_ops);
