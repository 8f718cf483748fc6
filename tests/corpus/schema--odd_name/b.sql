create schema "it's ""mine""" authorization service_role;
grant create on schema "it's ""mine""" to anon with grant option;
