create foreign data wrapper w;
create server s version '1' foreign data wrapper w options (a '1', b '2');
create server t foreign data wrapper w options (a '1');
create server u version '9' foreign data wrapper w;
