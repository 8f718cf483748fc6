create foreign data wrapper w validator postgresql_fdw_validator;
create foreign data wrapper x options (y 'z');
