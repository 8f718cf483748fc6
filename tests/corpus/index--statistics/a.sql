create table t(a int, b text);
create index i on t((a + 1), b);
