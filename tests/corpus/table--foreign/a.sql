create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table gone (id int) server s;
create foreign table t (id int options (column_name 'ID') not null, a text default 'x') server s options (table_name 'T');
