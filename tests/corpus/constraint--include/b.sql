create table t (a int, b int, c text, constraint k primary key (a) include (c), constraint u unique (b));
