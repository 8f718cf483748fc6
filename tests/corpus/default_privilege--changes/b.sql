create schema s;
alter default privileges grant select on tables to authenticated, anon with grant option;
alter default privileges grant execute on functions to anon;
alter default privileges in schema s grant insert on tables to anon, service_role;
alter default privileges for role authenticated revoke all on schemas from authenticated;
