create type bt;
create function bt_in(cstring) returns bt language internal immutable strict as 'int4in';
create function bt_out(bt) returns cstring language internal immutable strict as 'int4out';
create function f(bt) returns bt language internal immutable strict as 'int4abs';
create type bt (input = bt_in, output = bt_out, internallength = 4, passedbyvalue, alignment = int4);
