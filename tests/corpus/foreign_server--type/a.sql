create foreign data wrapper w;
create server s type 'one' foreign data wrapper w;
create user mapping for public server s options ("user" 'u');
