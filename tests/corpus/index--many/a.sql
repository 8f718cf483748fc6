create table t(a int, b text, c jsonb);
create index i on t(a);
create index gone on t(b);
