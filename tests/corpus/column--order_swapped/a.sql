create table t(a int primary key, b text, c text);
insert into t values (1,'b','c');
