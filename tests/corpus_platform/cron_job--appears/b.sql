select cron.schedule('nightly', '0 3 * * *', 'vacuum');
select cron.schedule('every ''5'' minutes', '*/5 * * * *',
  $$select net.http_post(url := 'https://production.example/run', headers := '{"a": "\\b"}')$$);
select cron.schedule_in_database('elsewhere', '@daily', 'select 1', 'template1');
