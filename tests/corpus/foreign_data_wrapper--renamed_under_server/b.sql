create foreign data wrapper w2;
create server s foreign data wrapper w2;
create user mapping for anon server s;
