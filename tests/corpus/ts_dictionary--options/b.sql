create text search dictionary d (template = simple, accept = 'true', stopwords = 'german');
create text search dictionary e (template = simple);
create text search dictionary f (template = snowball, language = dutch, stopwords = dutch);
