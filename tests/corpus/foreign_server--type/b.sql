create foreign data wrapper w;
create server s type 'two' foreign data wrapper w;
create user mapping for public server s options ("user" 'u');
