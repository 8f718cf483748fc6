create schema extensions;
create extension unaccent schema extensions;
create text search configuration fr (copy = french);
alter text search configuration fr alter mapping for hword, hword_part, word with extensions.unaccent, french_stem;
