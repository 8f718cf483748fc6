create table t (a int, b int);
alter table t alter a set statistics 100;
