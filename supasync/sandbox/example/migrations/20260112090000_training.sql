-- Training sessions and who takes part.

create table public.training_sessions (
  id uuid primary key default gen_random_uuid(),
  code text not null unique,
  title text not null,
  status public.training_status not null default 'scheduled',
  instructor_id uuid references public.users (id) on update cascade on delete set null,
  location text not null,
  capacity smallint not null default 12,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  duration interval generated always as (ends_at - starts_at) stored,
  constraint training_sessions_capacity_range check (capacity between 1 and 200),
  constraint training_sessions_ends_after_start check (ends_at > starts_at),
  constraint training_sessions_room_is_free exclude using gist (
    location with =, tstzrange(starts_at, ends_at) with &&
  ) where (status <> 'cancelled')
);
comment on table public.training_sessions is 'Safety and onboarding courses, each at one place and time.';
comment on column public.training_sessions.code is 'The course code and its run, such as BST-001.';
comment on constraint training_sessions_room_is_free on public.training_sessions is
  'A room holds one session at a time.';

create index training_sessions_upcoming_idx on public.training_sessions (starts_at)
  include (title, location) where status = 'scheduled';
create index training_sessions_instructor_idx on public.training_sessions (instructor_id);
create index training_sessions_tags_idx on public.training_sessions using gin (tags);

create table public.training_enrolments (
  id bigint generated always as identity primary key,
  session_id uuid not null references public.training_sessions (id) on update cascade on delete cascade,
  user_id uuid not null references public.users (id) on update cascade on delete cascade,
  status public.enrolment_status not null default 'enrolled',
  score numeric(5, 2),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (session_id, user_id),
  constraint training_enrolments_score_range check (score >= 0 and score <= 100),
  constraint training_enrolments_result_has_date check (
    (completed_at is null) = (status in ('enrolled', 'withdrawn'))
  )
);
comment on table public.training_enrolments is 'One person in one training session, and the result.';
comment on column public.training_enrolments.score is 'Percent; null where the course is not graded.';

create index training_enrolments_user_idx on public.training_enrolments (user_id, status);

create trigger training_sessions_touch_updated_at
  before update on public.training_sessions
  for each row execute function private.touch_updated_at();
create trigger training_enrolments_touch_updated_at
  before update on public.training_enrolments
  for each row execute function private.touch_updated_at();

create function public.seats_left(session public.training_sessions) returns integer
language sql
stable
security definer
set search_path = ''
as $$
  select session.capacity - count(*)::integer
  from public.training_enrolments
  where session_id = session.id and status = 'enrolled';
$$;
comment on function public.seats_left(public.training_sessions) is
  'A computed field: training_sessions?select=title,seats_left; definer, so that it counts everyone.';

create function private.refuse_overbooking() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- The row lock makes two people wait for the last seat instead of both getting it.
  perform from public.training_sessions where id = new.session_id for no key update;
  if (select public.seats_left(s) from public.training_sessions s where s.id = new.session_id) < 1
  then
    raise exception 'Training session % is full', new.session_id using errcode = 'check_violation';
  end if;
  return new;
end;
$$;

create trigger training_enrolments_refuse_overbooking
  before insert on public.training_enrolments
  for each row when (new.status = 'enrolled')
  execute function private.refuse_overbooking();
