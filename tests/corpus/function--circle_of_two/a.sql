create function even(n int) returns boolean language sql as 'select true';
create function odd(n int) returns boolean language sql begin atomic select case n when 0 then false else even(n - 1) end; end;
create or replace function even(n int) returns boolean language sql begin atomic select case n when 0 then true else odd(n - 1) end; end;
