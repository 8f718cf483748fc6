create extension postgres_fdw;
create foreign data wrapper plain;
create foreign data wrapper "Odd ""näme" handler postgres_fdw_handler validator postgres_fdw_validator;
create foreign data wrapper options options (debug 'true', "Odd ""option" E'it''s \\ ü');
comment on foreign data wrapper plain is 'it''s plain';
grant usage on foreign data wrapper plain to anon with grant option;
