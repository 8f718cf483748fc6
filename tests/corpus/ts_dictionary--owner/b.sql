create text search dictionary d (template = simple);
alter text search dictionary d owner to authenticated;
