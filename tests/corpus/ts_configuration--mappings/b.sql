create text search configuration c (parser = default);
alter text search configuration c add mapping for word, email with english_stem, simple;
alter text search configuration c add mapping for url with simple;
