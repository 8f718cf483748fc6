create role a createdb;
create role b connection limit 5;
create role c; comment on role c is 'old';
