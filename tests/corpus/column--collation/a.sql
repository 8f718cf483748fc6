create table t (a text collate "C", b text, c varchar(10) collate "POSIX");
create index i on t (a);
