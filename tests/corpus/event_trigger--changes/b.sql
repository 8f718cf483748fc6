create function f() returns event_trigger language plpgsql as 'begin raise debug ''seen''; end';
create event trigger e on ddl_command_start when tag in ('DROP TABLE', 'CREATE TABLE') execute function f();
alter event trigger e enable always;
create table t(a int);
