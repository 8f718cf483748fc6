create schema private;
create function private.tidy() returns void language sql as 'select 1';
select cron.schedule('tidy', '1 hour', 'select private.tidy()');
