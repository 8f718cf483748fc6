create table t (p point, c circle);
