-- What the app reads: views, a report, live updates and the certificate files.

create view public.my_training with (security_invoker = true) as
  select
    e.id as enrolment_id,
    s.code,
    s.title,
    s.location,
    s.starts_at,
    s.duration,
    e.status
  from public.training_enrolments e
  join public.training_sessions s on s.id = e.session_id
  where e.user_id = private.current_user_id();
comment on view public.my_training is 'The logged-in person''s own training, under their own rights.';
comment on column public.my_training.enrolment_id is 'To withdraw: training_enrolments?id=eq.…';

create view public.crew_directory as
  select u.id, u.full_name, u.initials, u.role, v.name as vessel
  from public.users u
  left join public.vessels v on v.id = u.vessel_id
  where u.is_active and private.current_user_id() is not null;
comment on view public.crew_directory is
  'Names of colleagues without contact data; runs as its owner on purpose.';

revoke all on public.my_training, public.crew_directory from anon, authenticated;
grant select on public.my_training, public.crew_directory to authenticated;
grant select on public.my_training, public.crew_directory to service_role;

create materialized view private.training_progress as
  select
    s.id as session_id,
    s.code,
    count(e.id) filter (where e.status <> 'withdrawn') as people,
    count(e.id) filter (where e.status = 'passed') as passed,
    round(avg(e.score), 1) as average_score
  from public.training_sessions s
  left join public.training_enrolments e on e.session_id = s.id
  group by s.id;
comment on materialized view private.training_progress is 'For the managers'' report; refreshed hourly.';
create unique index training_progress_session_idx on private.training_progress (session_id);

create procedure private.refresh_reports()
language plpgsql
security definer
set search_path = ''
as $$
begin
  refresh materialized view concurrently private.training_progress;
end;
$$;
revoke execute on procedure private.refresh_reports() from public;
grant execute on procedure private.refresh_reports() to service_role;

create function public.training_report(since date default current_date - 90)
returns table (code text, people bigint, passed bigint, average_score numeric)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if not private.has_role('admin', 'manager') then
    raise exception 'Only managers see the training report' using errcode = 'insufficient_privilege';
  end if;
  return query
    select p.code, p.people, p.passed, p.average_score
    from private.training_progress p
    join public.training_sessions s on s.id = p.session_id
    where s.starts_at >= since
    order by s.starts_at;
end;
$$;
revoke execute on function public.training_report(date) from public, anon;
grant execute on function public.training_report(date) to authenticated;
comment on function public.training_report(date) is 'Results per session since a day; for managers.';

alter table public.training_sessions replica identity full;
alter publication supabase_realtime add table public.training_sessions;
alter publication supabase_realtime add table public.training_enrolments (id, session_id, status);

insert into storage.buckets (id, name, public)
values ('certificates', 'certificates', false)
on conflict (id) do nothing;

create policy "people read their own certificates" on storage.objects for select to authenticated
  using (
    bucket_id = 'certificates' and (storage.foldername(name))[1] = (select auth.uid())::text
  );
create policy "managers file certificates" on storage.objects for insert to authenticated
  with check (bucket_id = 'certificates' and (select private.has_role('admin', 'manager')));
