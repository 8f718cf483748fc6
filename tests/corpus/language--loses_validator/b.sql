create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language ln_x handler call;
create function f() returns int language ln_x as 'begin return 1; end';
