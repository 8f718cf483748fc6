create function f(int) returns int language sql as 'select 1';
create transform for int language sql (from sql with function prsd_lextype(internal));
