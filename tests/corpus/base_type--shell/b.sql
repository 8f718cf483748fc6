create type shell; create type other;
comment on type shell is 'some day';
alter type other owner to anon;
create function f(other) returns other language internal as 'int4abs';
