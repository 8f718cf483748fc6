create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  lextypes = prsd_lextype);
create text search configuration c (parser = p);
alter text search configuration c add mapping for word with simple;
