create schema "S s";
create text search dictionary "S s".d (template = simple);
create text search configuration "S s"."Wörter" (copy = english);
alter text search configuration "S s"."Wörter" alter mapping for asciiword, hword_asciipart with "S s".d, english_stem;
alter text search configuration "S s"."Wörter" drop mapping for url, url_path;
comment on text search configuration "S s"."Wörter" is 'words';
alter text search configuration "S s"."Wörter" owner to anon;
create text search configuration bare (parser = default);
