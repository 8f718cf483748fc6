create type bt;
create function bt_read(cstring) returns bt language internal immutable strict as 'int4in';
create function bt_out(val bt) returns cstring language internal immutable strict as 'int4out';
create function bt_send(bt) returns bytea language internal immutable strict as 'int4send';
create function bt_recv(internal) returns bt language internal immutable strict as 'int4recv';
create type bt (input = bt_read, output = bt_out, send = bt_send, receive = bt_recv, internallength = 4,
  passedbyvalue, alignment = int4);
create table t (id int primary key, a bt);
insert into t values (1, '5');
