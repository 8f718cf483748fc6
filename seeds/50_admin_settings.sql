-- How the test administrator has set up the back office.

insert into public.admin_settings (id, user_id, key, value)
select setting.id, admin.id, setting.key, setting.value::jsonb
from (
  values
    (1, 'dashboard.layout', '{"columns": 2, "widgets": ["sessions", "crew"]}'),
    (2, 'notifications.email', 'false'),
    (3, 'table.page_size', '50')
) as setting (id, key, value)
join public.users as admin on admin.email = 'admin@maritime.example'
on conflict (user_id, key) do update set value = excluded.value;
select setval(
  pg_get_serial_sequence('public.admin_settings', 'id'),
  (select max(id) from public.admin_settings)
);
