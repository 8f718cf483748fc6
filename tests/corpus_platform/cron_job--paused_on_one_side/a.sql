select cron.schedule_in_database('a', '0 3 * * *', 'select 1', current_database(), null, false);
