alter default privileges in schema public grant all on tables to anon, authenticated;
alter default privileges in schema public grant all on functions to anon;
alter default privileges in schema public grant all on sequences to anon;
