create function f(a int, b text default 'y') returns int language sql as 'select 1';
alter function f owner to service_role;
comment on function f is 'two';
grant execute on function f to authenticated with grant option;
