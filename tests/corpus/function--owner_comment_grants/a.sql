create function f(a int, b text default 'x') returns int language sql as 'select 1';
alter function f owner to anon;
comment on function f is 'one';
