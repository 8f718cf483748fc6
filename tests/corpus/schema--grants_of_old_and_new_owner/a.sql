create schema s authorization anon;
grant usage on schema s to service_role with grant option;
