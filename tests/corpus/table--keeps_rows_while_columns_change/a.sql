create table t (id int primary key, a text, b int default 5, c text);
insert into t values (1, 'x', 2, 'y'), (2, null, null, null);
