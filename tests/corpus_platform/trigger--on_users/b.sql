create schema private;
create function private.on_user() returns trigger language plpgsql as 'begin return new; end';
create trigger made after insert on auth.users for each row execute function private.on_user();
create trigger changed after update of email on auth.users
  for each row when (old.email is distinct from new.email) execute function private.on_user();
