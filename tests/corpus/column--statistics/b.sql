create table t (a int, b int);
alter table t alter a set statistics 0;
alter table t alter b set statistics 10000;
