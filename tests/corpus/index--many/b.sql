create table t(a int, b text, c jsonb);
create unique index i on t(a desc nulls last) include (b) where a > 0;
create index j on t using gin (c jsonb_path_ops);
create index k on t(lower(b) text_pattern_ops, (a + 1));
create index m on t(c);
comment on index j is 'json';
alter table t cluster on m;
