create schema s; comment on schema s is ''; comment on schema public is null;
create table t (id int); comment on column t.id is 'two';
create rule r as on delete to t do instead nothing; comment on rule r on t is 'two';
create statistics st on (id), (id + 1) from t;
create collation co (locale = 'C'); comment on collation co is 'two';
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  lextypes = prsd_lextype); comment on text search parser p is 'two';
create text search template te (lexize = dsimple_lexize); comment on text search template te is 'two';
create text search dictionary di (template = simple);
create text search configuration cf (parser = default); comment on text search configuration cf is 'two';
create foreign data wrapper w; comment on foreign data wrapper w is 'two';
create server sv foreign data wrapper w;
create publication pub; comment on publication pub is 'two';
