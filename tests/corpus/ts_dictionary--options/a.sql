create text search dictionary d (template = simple, stopwords = english, accept = false);
create text search dictionary e (template = simple, accept = true);
create text search dictionary f (template = snowball, language = english);
