create foreign data wrapper w;
create server s version '2' foreign data wrapper w options (c '', b '3');
create server t foreign data wrapper w;
create server u foreign data wrapper w options (a '1');
