create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for anon server s options ("user" 'v', b '1');
create user mapping for service_role server s options (x 'y');
create user mapping for authenticated server s;
