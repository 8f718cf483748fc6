alter default privileges grant all on tables to anon;
alter default privileges grant all on sequences to anon;
alter default privileges revoke execute on functions from public;
alter default privileges grant usage on types to authenticated;
alter default privileges grant usage on schemas to authenticated;
