create function even(n int) returns int language sql as 'select 1';
create function odd(n int) returns int language sql begin atomic select even(n - 1); end;
create or replace function even(n int) returns int language sql begin atomic select odd(n - 1); end;
