create function refuse() returns event_trigger language plpgsql as $$begin raise exception 'no changes here'; end$$;
create table old (id int);
create event trigger refuse on sql_drop execute function refuse();
