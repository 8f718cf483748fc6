create function fact(n bigint) returns bigint language sql begin atomic select n; end;
