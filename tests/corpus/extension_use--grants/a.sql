create schema extensions;
create extension pg_trgm schema extensions;
create extension postgres_fdw;
grant execute on function extensions.similarity(text, text) to anon;
grant execute on function extensions.show_trgm(text) to authenticated;
