create schema s;
create text search dictionary s."Odd ""dict" (template = simple, stopwords = english, accept = 'false');
create text search dictionary stem (template = snowball, language = german, stopwords = 'german');
comment on text search dictionary stem is 'stem';
alter text search dictionary stem owner to anon;
