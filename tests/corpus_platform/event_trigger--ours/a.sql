create function public.seen() returns event_trigger language plpgsql as 'begin end';
