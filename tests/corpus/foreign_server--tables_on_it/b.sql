create foreign data wrapper w;
create server s type 'two' foreign data wrapper w;
create foreign table t (id int options (column_name 'Id') not null, a text default 'y',
  constraint positive check (id > 0)) server s options (table_name 'T', fetch_size '5');
create view v as select id from t;
comment on foreign table t is 'tee';
grant select on t to anon;
