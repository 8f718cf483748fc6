create foreign data wrapper w;
create server s type 'one' foreign data wrapper w;
create foreign table t (id int options (column_name 'ID') not null, a text default 'x',
  constraint positive check (id > 0)) server s options (table_name 'T');
create view v as select id from t;
