create access method am_x type index handler hashhandler;
create table t (a int);
insert into t values (1);
