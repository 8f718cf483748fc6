create type bt;
create function bt_in(cstring) returns bt language internal immutable strict as 'int4in';
create function bt_out(bt) returns cstring language internal immutable strict as 'int4out';
create type bt (input = bt_in, output = bt_out, internallength = 4, passedbyvalue, alignment = int4);
create function eq(bt, bt) returns bool language internal immutable strict as 'int4eq';
create operator = (leftarg = bt, rightarg = bt, function = eq, commutator = =);
create table t (id int primary key, a bt default '3', b bt[]);
insert into t values (1, '5', '{1,2}');
create view v as select a = a as same, a, b from t;
