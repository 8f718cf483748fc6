create function cmp(a int4, b int4) returns int language internal immutable strict as 'btint4cmp';
create operator class oc_int for type int4 using btree as operator 1 <, operator 2 <=,
  operator 3 =, operator 4 >=, operator 5 >, function 1 cmp(int4, int4);
create table t (a int4, b int4);
insert into t values (1), (2);
create index i on t (a oc_int);
create unique index u on t (b, a oc_int desc);
