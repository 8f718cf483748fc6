create function f() returns event_trigger language plpgsql as 'begin end';
create function g() returns event_trigger language plpgsql as 'begin end';
create event trigger a on ddl_command_end execute function f();
create event trigger b on ddl_command_end when tag in ('CREATE TABLE') execute function f();
create event trigger c on ddl_command_end execute function f();
create event trigger d on ddl_command_end execute function f();
comment on event trigger c is 'see';
