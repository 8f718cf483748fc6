create transform for int language sql
  (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));
create function f(int) returns int transform for type int language sql as 'select 1';
