create foreign data wrapper w1;
create server s foreign data wrapper w1;
create user mapping for anon server s;
