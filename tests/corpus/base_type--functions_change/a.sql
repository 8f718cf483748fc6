create type bt;
create function bt_in(cstring) returns bt language internal immutable strict as 'int4in';
create function bt_out(bt) returns cstring language internal immutable strict as 'int4out';
create type bt (input = bt_in, output = bt_out, internallength = 4, passedbyvalue, alignment = int4);
create table t (id int primary key, a bt);
insert into t values (1, '5');
