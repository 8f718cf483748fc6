create operator class desc_ops for type int4 using btree as operator 1 > , operator 2 >= , operator 3 = ,
  operator 4 <= , operator 5 < , function 1 btint4cmp(int4, int4);
create type span as range (subtype = int4);
create table t (id int primary key, r span);
insert into t values (1, 'empty');
