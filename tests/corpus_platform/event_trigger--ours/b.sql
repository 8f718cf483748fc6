create function public.seen() returns event_trigger language plpgsql as 'begin raise log ''x''; end';
create table public.t (id int);
