create schema s;
create function s.begin_(internal, integer) returns internal language internal strict as 'prsd_start';
create text search parser "Odd ""parsér" (start = s.begin_, gettoken = prsd_nexttoken, end = prsd_end,
  lextypes = prsd_lextype);
create text search parser s.p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  headline = prsd_headline, lextypes = prsd_lextype);
comment on text search parser s.p is 'pé';
