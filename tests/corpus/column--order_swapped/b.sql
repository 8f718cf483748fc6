create table t(c text, a int primary key, b text);
