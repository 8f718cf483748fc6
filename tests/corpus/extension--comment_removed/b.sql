create extension pg_trgm;
comment on extension pg_trgm is null;
create extension citext;
comment on extension citext is null;
create extension hstore;
comment on extension hstore is 'mine';
