create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (id bigint not null, n varchar(5) options (b '2'), m int default 4) server s options (x '3', z '4');
alter foreign table t owner to service_role;
