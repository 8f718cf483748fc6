create function fact(n bigint) returns bigint language sql as 'select 1';
create or replace function fact(n bigint) returns bigint language sql begin atomic select case when n < 2 then 1 else n * fact(n - 1) end; end;
