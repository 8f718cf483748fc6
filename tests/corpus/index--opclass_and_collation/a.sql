create table t (a text, b varchar);
create index i on t (a text_pattern_ops, b collate "C");
