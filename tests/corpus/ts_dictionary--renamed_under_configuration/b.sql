create text search dictionary d2 (template = simple);
create text search configuration c (copy = simple);
alter text search configuration c alter mapping for word with d2, simple;
