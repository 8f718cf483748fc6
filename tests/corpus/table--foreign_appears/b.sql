create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (id int not null, n text options (column_name 'it''s') collate "C" default 'x', g int generated always as (id * 2) stored) server s options (schema_name 'a', "Table" 'b');
comment on foreign table t is 'far';
comment on column t.n is 'n';
grant select on t to anon;
grant update (n) on t to authenticated;
