create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (id int, n text options (a '1'), m int) server s options (x '1', y '2');
alter foreign table t owner to anon;
