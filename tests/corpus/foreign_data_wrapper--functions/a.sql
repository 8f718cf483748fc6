create extension postgres_fdw;
create foreign data wrapper w handler postgres_fdw_handler;
create server s foreign data wrapper w;
