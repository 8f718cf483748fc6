create domain d as int default 2;
create table t (a d);
