create function f() returns int language sql security definer as 'select 1';
revoke all on function f() from public;
