-- Typed into production's SQL editor on a busy day and saved in no migration:
-- certificates get an expiry date. Branches, which replay the migrations, know nothing of it.

alter type public.enrolment_status add value 'expired' after 'passed';

alter table public.training_sessions
  add column certificate_months smallint not null default 24
    constraint training_sessions_certificate_months_range check (certificate_months between 1 and 120);
comment on column public.training_sessions.certificate_months is
  'How long a certificate of this course is valid.';

alter table public.training_enrolments add column certificate_expires_on date;
comment on column public.training_enrolments.certificate_expires_on is
  'The last day of validity; null without a certificate.';
create index training_enrolments_expiry_idx on public.training_enrolments (certificate_expires_on)
  where certificate_expires_on is not null;

create function private.set_certificate_expiry() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  new.certificate_expires_on := case when new.status = 'passed' then (
    select new.completed_at::date + make_interval(months => s.certificate_months)
    from public.training_sessions s
    where s.id = new.session_id
  ) end;
  return new;
end;
$$;
create trigger training_enrolments_set_certificate_expiry
  before insert or update of completed_at on public.training_enrolments
  for each row execute function private.set_certificate_expiry();

create function private.expire_certificates() returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
  expired bigint;
begin
  update public.training_enrolments
  set status = 'expired'
  where status = 'passed' and certificate_expires_on < current_date;
  get diagnostics expired = row_count;
  return expired;
end;
$$;
comment on function private.expire_certificates() is 'Run nightly; returns how many certificates ran out.';
revoke execute on function private.expire_certificates() from public;
grant execute on function private.expire_certificates() to service_role;

-- A certificate must not be older than its course.
create or replace function public.record_result(enrolment bigint, has_passed boolean, points numeric default null)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not private.has_role('admin', 'manager') then
    raise exception 'Only managers record results' using errcode = 'insufficient_privilege';
  end if;
  update public.training_enrolments e
  set status = case when has_passed then 'passed' else 'failed' end::public.enrolment_status,
      score = points,
      completed_at = now()
  from public.training_sessions s
  where e.id = enrolment and s.id = e.session_id and s.starts_at <= now();
  if not found then
    raise exception 'There is no enrolment % in a session that has begun', enrolment
      using errcode = 'no_data_found';
  end if;
end;
$$;

create or replace view public.my_training with (security_invoker = true) as
  select
    e.id as enrolment_id,
    s.code,
    s.title,
    s.location,
    s.starts_at,
    s.duration,
    e.status,
    e.certificate_expires_on
  from public.training_enrolments e
  join public.training_sessions s on s.id = e.session_id
  where e.user_id = private.current_user_id();

create view public.expiring_certificates with (security_invoker = true) as
  select u.full_name, s.title, e.certificate_expires_on
  from public.training_enrolments e
  join public.users u on u.id = e.user_id
  join public.training_sessions s on s.id = e.session_id
  where e.status = 'passed' and e.certificate_expires_on < current_date + 60;
comment on view public.expiring_certificates is 'Who has to renew within sixty days.';
revoke all on public.expiring_certificates from anon, authenticated;
grant select on public.expiring_certificates to authenticated, service_role;

create policy "managers read certificates" on storage.objects for select to authenticated
  using (bucket_id = 'certificates' and (select private.has_role('admin', 'manager')));
