-- A course that is over, two to come and one that was cancelled. Times move with the day of the
-- seed, so that "upcoming" stays true; ids and codes never change.

insert into public.training_sessions (
  id, code, title, status, instructor_id, location, capacity, starts_at, ends_at, tags
)
select
  course.id, course.code, course.title, course.status, instructor.id, course.location,
  course.capacity, day.midnight + course.begins, day.midnight + course.begins + course.lasts,
  course.tags
from (
  values
    (
      '5eed0000-0000-4000-8000-000000000101'::uuid, 'BST-001', 'Basic safety training',
      'completed'::public.training_status, 'Simulator, Bergen', 12::smallint,
      interval '-30 days 8 hours', interval '8 hours', '{safety,mandatory}'::text[]
    ),
    (
      '5eed0000-0000-4000-8000-000000000102', 'BST-002', 'Basic safety training', 'scheduled',
      'Room 1, Bergen', 12, '7 days 8 hours', '8 hours', '{safety,mandatory}'
    ),
    (
      '5eed0000-0000-4000-8000-000000000103', 'ONB-001', 'Welcome on board', 'scheduled',
      'MV Northern Light', 6, '14 days 10 hours', '3 hours', '{onboarding}'
    ),
    (
      '5eed0000-0000-4000-8000-000000000104', 'FRB-001', 'Fast rescue boats', 'cancelled',
      'Quay 4, Bergen', 4, '21 days 9 hours', '6 hours', '{safety}'
    )
) as course (id, code, title, status, location, capacity, begins, lasts, tags)
cross join (select date_trunc('day', now(), 'UTC') as midnight) as day
left join public.users as instructor on instructor.email = 'manager@maritime.example'
order by course.id
on conflict (code) do update set
  id = excluded.id,
  title = excluded.title,
  status = excluded.status,
  instructor_id = excluded.instructor_id,
  location = excluded.location,
  capacity = excluded.capacity,
  starts_at = excluded.starts_at,
  ends_at = excluded.ends_at,
  tags = excluded.tags;

insert into public.training_enrolments (id, session_id, user_id, status, score, completed_at)
overriding system value
select seat.id, session.id, person.id, seat.status, seat.score, seat.completed_at
from (
  values
    (1, 'BST-001', 'crew@maritime.example', 'passed'::public.enrolment_status, 92.5,
      date_trunc('day', now(), 'UTC') - interval '29 days'),
    (2, 'BST-001', 'crew2@maritime.example', 'failed', 48,
      date_trunc('day', now(), 'UTC') - interval '29 days'),
    (3, 'BST-002', 'crew2@maritime.example', 'enrolled', null, null),
    (4, 'ONB-001', 'crew@maritime.example', 'enrolled', null, null)
) as seat (id, code, email, status, score, completed_at)
join public.training_sessions as session on session.code = seat.code
join public.users as person on person.email = seat.email
order by seat.id
on conflict (session_id, user_id) do update set
  status = excluded.status,
  score = excluded.score,
  completed_at = excluded.completed_at;
select setval(
  pg_get_serial_sequence('public.training_enrolments', 'id'),
  (select max(id) from public.training_enrolments)
);

call private.refresh_reports();
