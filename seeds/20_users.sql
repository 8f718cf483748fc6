-- Two ships and the four test users. Their logins are made through Supabase Auth ([[test_users]] in
-- config.toml): an account that is there is linked here, a later one by the trigger on auth.users.

insert into public.vessels (id, imo, name, flag_state)
values
  (1, 9074729, 'MV Northern Light', 'NO'),
  (2, 9176187, 'MV Santa Clara', 'PA')
on conflict (imo) do update set
  id = excluded.id,
  name = excluded.name,
  flag_state = excluded.flag_state;
select setval(pg_get_serial_sequence('public.vessels', 'id'), (select max(id) from public.vessels));

insert into public.users (
  id, auth_user_id, email, full_name, role, is_active,
  vessel_id, employee_number, emergency_contact, languages, onboarded_at
)
select
  person.id, account.id, person.email, person.full_name, person.role, true,
  person.vessel_id, person.employee_number, person.emergency_contact, person.languages,
  person.onboarded_at
from (
  values
    (
      '5eed0000-0000-4000-8000-000000000001'::uuid, 'admin@maritime.example', 'Ingrid Halvorsen',
      'admin'::public.crew_role, null::integer, 'NO-0001', null::public.emergency_contact,
      '{no,en}'::text[], '2026-01-07 08:00+00'::timestamptz
    ),
    (
      '5eed0000-0000-4000-8000-000000000002', 'manager@maritime.example', 'Mateo Cruz',
      'manager', null, 'PA-0002', null, '{es,en}', '2026-01-07 09:00+00'
    ),
    (
      '5eed0000-0000-4000-8000-000000000003', 'crew@maritime.example', 'Amina Diallo',
      'crew', 1, 'NO-0103', '("Fatou Diallo",sister,"+47 555 0103")', '{fr,en}',
      '2026-02-16 07:30+00'
    ),
    (
      '5eed0000-0000-4000-8000-000000000004', 'crew2@maritime.example', 'Jonas Weber',
      'crew', 2, 'PA-0104', '("Petra Weber",wife,"+507 555 0104")', '{de,en}', null
    )
) as person (
  id, email, full_name, role, vessel_id, employee_number, emergency_contact, languages, onboarded_at
)
left join auth.users as account
  on account.email = person.email
  and not account.is_sso_user
  and account.email_confirmed_at is not null
order by person.id
on conflict (email) do update set
  id = excluded.id, -- the trigger may have entered the person first, under another id
  auth_user_id = excluded.auth_user_id,
  full_name = excluded.full_name,
  role = excluded.role,
  is_active = excluded.is_active,
  vessel_id = excluded.vessel_id,
  employee_number = excluded.employee_number,
  emergency_contact = excluded.emergency_contact,
  languages = excluded.languages,
  onboarded_at = excluded.onboarded_at;
