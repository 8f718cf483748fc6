create function public.on_user() returns trigger language plpgsql as 'begin return new; end';
create trigger made after insert on auth.users for each row execute function public.on_user();
