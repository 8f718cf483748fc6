create text search template t (lexize = dsimple_lexize);
comment on text search template t is 'tee';
create text search template "Other" (init = dispell_init, lexize = dispell_lexize);
create text search dictionary d (template = simple);
create text search configuration c (copy = pg_catalog.simple);
alter text search configuration c alter mapping for word with d, simple;
