create domain d as int;
create table t (a d);
insert into t values (-1);
