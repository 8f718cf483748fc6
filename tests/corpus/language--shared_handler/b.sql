create function call() returns language_handler language c strict as '$libdir/plpgsql', 'plpgsql_call_handler';
create language one handler call;
create language two handler call;
create transform for int language two (from sql with function prsd_lextype(internal));
create procedure p() language two as 'begin end';
