create table t(a int, b text);
create index i on t((a + 1), b);
alter index i alter column 1 set statistics 777;
