select cron.schedule('a', '0 3 * * *', 'select 1');
select cron.schedule('b', '0 3 * * *', 'select 1');
select cron.schedule_in_database('c', '0 3 * * *', 'select 1', 'template1');
