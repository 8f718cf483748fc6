create schema "it's ""mine""" authorization anon;
grant usage on schema "it's ""mine""" to public;
