select cron.schedule('a', '0 3 * * *', 'select 1');
