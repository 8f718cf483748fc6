create function f() returns text language sql as $x$ select '$$ '' \ "' $x$;
create function "F ""o"""("a ""b""" int) returns text language plpgsql as $f$ begin return $$x$$; end $f$;
