create operator family of_int using btree;
create operator class oc_int for type int4 using btree family of_int as operator 1 <, operator 2 <=,
  operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int4, int4);
alter operator family of_int using btree add operator 1 < (int4, int8), operator 3 = (int4, int8),
  function 1 (int4, int8) btint48cmp(int4, int8);
comment on operator class oc_int using btree is 'cls';
alter operator class oc_int using btree owner to anon;
create table t (a int4);
insert into t values (1), (2);
create index i on t (a oc_int);
