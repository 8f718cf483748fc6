create table t (a text, b text collate "C", c varchar(10) collate "C");
create index i on t (a);
