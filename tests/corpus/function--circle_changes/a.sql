create function even(n int) returns boolean language sql as 'select true';
create function odd(n int) returns boolean language sql begin atomic select n <> 0 and even(n - 1); end;
create or replace function even(n int) returns boolean language sql begin atomic select n = 0 or odd(n - 1); end;
