create type words as range (subtype = text, collation = "POSIX");
create table t (id int primary key, w words);
insert into t values (1, '[a,b)');
