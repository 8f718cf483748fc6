create table t (a int, b int, c text, constraint k primary key (a), constraint u unique (b) include (c));
