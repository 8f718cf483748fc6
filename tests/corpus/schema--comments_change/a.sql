create schema s; comment on schema s is 'one'; comment on schema public is 'one';
create table t (id int); comment on column t.id is 'one';
create rule r as on delete to t do instead nothing; comment on rule r on t is 'one';
create statistics st on (id), (id + 1) from t; comment on statistics st is 'one';
create collation co (locale = 'C'); comment on collation co is 'one';
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  lextypes = prsd_lextype); comment on text search parser p is 'one';
create text search template te (lexize = dsimple_lexize); comment on text search template te is 'one';
create text search dictionary di (template = simple); comment on text search dictionary di is 'one';
create text search configuration cf (parser = default); comment on text search configuration cf is 'one';
create foreign data wrapper w; comment on foreign data wrapper w is 'one';
create server sv foreign data wrapper w; comment on server sv is 'one';
create publication pub; comment on publication pub is 'one';
