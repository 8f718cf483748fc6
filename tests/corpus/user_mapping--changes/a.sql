create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for anon server s options ("user" 'u', a '1');
create user mapping for public server s;
create user mapping for authenticated server s options (x 'y');
