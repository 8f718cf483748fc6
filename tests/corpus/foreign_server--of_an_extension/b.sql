create schema extensions;
create extension postgres_fdw schema extensions;
create server remote foreign data wrapper postgres_fdw options (host 'h', dbname 'd', port '5433');
create user mapping for public server remote options ("user" 'u');
create user mapping for anon server remote options (password_required 'false');
