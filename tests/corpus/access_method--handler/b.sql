create function handle(internal) returns index_am_handler language internal as 'hashhandler';
create access method am type index handler handle;
create operator class oc default for type int4 using am as operator 1 =, function 1 hashint4(int4);
create table t (a int);
insert into t values (1);
create index i on t using am (a);
