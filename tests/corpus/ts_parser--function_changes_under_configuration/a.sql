create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  headline = prsd_headline, lextypes = prsd_lextype);
create text search configuration c (parser = p);
alter text search configuration c add mapping for word with simple;
create table t (id int, a text);
create index i on t using gin (to_tsvector('c', a));
create view v as select to_tsvector('c', a) as w from t;
