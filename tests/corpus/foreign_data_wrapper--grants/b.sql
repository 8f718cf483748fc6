create foreign data wrapper w;
grant usage on foreign data wrapper w to authenticated with grant option;
set role authenticated;
grant usage on foreign data wrapper w to service_role;
