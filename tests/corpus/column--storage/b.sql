create table t(a text, b text, c int);
alter table t alter a set storage external;
alter table t alter b set compression pglz;
alter table t alter c set statistics 300;
alter table t alter c set (n_distinct = 5);
