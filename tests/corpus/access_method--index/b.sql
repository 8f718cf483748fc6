create access method am_x type index handler hashhandler;
create operator class oc default for type int4 using am_x as operator 1 =, function 1 hashint4(int4);
create table t (a int);
insert into t values (1);
create index i on t using am_x (a);
