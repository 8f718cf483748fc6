create role crew;
alter role crew set search_path = '';
alter role crew set statement_timeout = '2min';
alter role crew set datestyle = 'ISO, DMY';
