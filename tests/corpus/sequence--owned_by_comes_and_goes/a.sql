create table t (a int);
create sequence s;
create sequence r owned by t.a;
