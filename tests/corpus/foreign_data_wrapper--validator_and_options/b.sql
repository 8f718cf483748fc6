create foreign data wrapper w options (a '1');
create foreign data wrapper x validator postgresql_fdw_validator;
