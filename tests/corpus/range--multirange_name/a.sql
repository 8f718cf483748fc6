create schema s;
create type s.span as range (subtype = float8);
create table t (id int primary key, r s.span, m s.span_multirange default '{[1,2)}');
insert into t values (1, '[1,5)', '{[1,2),[4,5)}');
