create schema s authorization service_role;
grant create on schema s to anon with grant option;
grant usage on schema s to authenticated;
