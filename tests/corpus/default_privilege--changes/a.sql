create schema s;
alter default privileges grant select, insert on tables to anon, authenticated;
alter default privileges revoke execute on functions from public;
alter default privileges in schema s grant all on tables to anon;
alter default privileges for role authenticated grant usage on schemas to anon;
