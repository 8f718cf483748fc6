create type bt;
create function bt_in(cstring) returns bt language internal immutable strict as 'int4in';
create function bt_out(bt) returns cstring language internal immutable strict as 'int4out';
create type bt (input = bt_in, output = bt_out, internallength = 4, passedbyvalue, alignment = int4,
  category = 'N', preferred = true, default = '7', delimiter = ';');
create table t (id int primary key, a bt, b bt[]);
insert into t values (1, '5', '{1;2}');
comment on type bt is 'base'; comment on function bt_in(cstring) is 'reads';
alter type bt owner to anon; alter function bt_in(cstring) owner to authenticated;
revoke execute on function bt_out(bt) from public; grant usage on type bt to service_role;
