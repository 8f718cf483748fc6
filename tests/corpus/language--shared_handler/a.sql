create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language one handler call;
comment on language one is 'the first';
