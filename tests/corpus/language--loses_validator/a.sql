create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function inl(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
create language ln_x handler call inline inl;
create function f() returns int language ln_x as 'begin return 1; end';
