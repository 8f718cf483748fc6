alter default privileges grant execute on functions to anon;
alter default privileges revoke execute on functions from public;
alter default privileges grant select on tables to authenticated;
alter default privileges revoke usage on types from public;
