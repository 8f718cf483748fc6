create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table t (id int options (column_name 'id', key 'true') not null, a text default 'y', b date, constraint ck check (id > 0)) server s options (table_name 't', "Odd one" 'it''s');
comment on foreign table t is 'far'; comment on column t.id is 'eye'; grant select on t to anon; alter foreign table t owner to anon;
create foreign table u (x int, y text) server s;
