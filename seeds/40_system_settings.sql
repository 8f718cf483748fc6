-- Settings under which the app is tested: mail goes nowhere, features under test are on.

insert into public.system_settings (key, value, is_public, description, updated_by)
select setting.key, setting.value::jsonb, setting.is_public, setting.description, admin.id
from (
  values
    ('app.name', '"Crew Onboarding (testing)"', true, 'Shown in the header'),
    ('app.support_email', '"support@maritime.example"', true, 'Shown on the login page'),
    ('mail.enabled', 'false', false, 'A branch never sends mail'),
    ('training.reminder_days', '[14, 3, 1]', false, 'Days before a session'),
    ('training.self_enrolment', '{"enabled": true, "max_open": 3}', false, 'Crew may enrol themselves')
) as setting (key, value, is_public, description)
left join public.users as admin on admin.email = 'admin@maritime.example'
order by setting.key
on conflict (key) do update set
  value = excluded.value,
  is_public = excluded.is_public,
  description = excluded.description,
  updated_by = excluded.updated_by;
