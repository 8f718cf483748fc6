create text search template t (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary d (template = t, accept = false);
create text search configuration c (copy = pg_catalog.simple);
alter text search configuration c alter mapping for word with d, simple;
