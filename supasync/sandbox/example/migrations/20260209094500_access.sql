-- Who may do what: grants decide the verbs and columns, policies decide the rows.

alter table public.vessels enable row level security;
alter table public.users enable row level security;
alter table public.training_sessions enable row level security;
alter table public.training_enrolments enable row level security;
alter table public.system_settings enable row level security;
alter table public.admin_settings enable row level security;
alter table public.admin_settings force row level security;
alter table private.audit_trail enable row level security;

-- Said in full, so that nothing hangs on a project's default privileges.
revoke all on public.vessels, public.users, public.training_sessions, public.training_enrolments,
  public.system_settings, public.admin_settings from anon, authenticated;
grant all on public.vessels, public.users, public.training_sessions, public.training_enrolments,
  public.system_settings, public.admin_settings to service_role;
grant usage, select on all sequences in schema public to service_role;
revoke all on all sequences in schema public from anon, authenticated;

grant select on public.system_settings to anon;
grant select on public.vessels, public.users, public.training_sessions, public.training_enrolments,
  public.system_settings, public.admin_settings to authenticated;
grant update (full_name, emergency_contact, languages) on public.users to authenticated;
grant insert (session_id, user_id), update (status) on public.training_enrolments to authenticated;
grant insert, update, delete on public.training_sessions, public.vessels to authenticated;
grant insert, update, delete on public.system_settings, public.admin_settings to authenticated;
grant usage on sequence public.admin_settings_id_seq to authenticated;
revoke execute on function public.seats_left(public.training_sessions) from public, anon;
grant execute on function public.seats_left(public.training_sessions) to authenticated, service_role;
grant execute on function public.setting(text, jsonb) to anon, authenticated, service_role;

create policy "active people see vessels" on public.vessels for select to authenticated
  using ((select private.current_user_id()) is not null);
create policy "managers keep vessels" on public.vessels for all to authenticated
  using ((select private.has_role('admin', 'manager')))
  with check ((select private.has_role('admin', 'manager')));

create policy "people see themselves" on public.users for select to authenticated
  using (id = (select private.current_user_id()));
create policy "people keep their own record" on public.users for update to authenticated
  using (id = (select private.current_user_id()))
  with check (id = (select private.current_user_id()));
create policy "managers see everyone" on public.users for select to authenticated
  using ((select private.has_role('admin', 'manager')));
comment on policy "people keep their own record" on public.users is
  'Which columns they may change is said by column grants.';

create policy "active people see sessions" on public.training_sessions for select to authenticated
  using ((select private.current_user_id()) is not null);
create policy "managers plan sessions" on public.training_sessions for all to authenticated
  using ((select private.has_role('admin', 'manager')))
  with check ((select private.has_role('admin', 'manager')));

create policy "people see their enrolments" on public.training_enrolments for select to authenticated
  using (
    user_id = (select private.current_user_id()) or (select private.has_role('admin', 'manager'))
  );
create policy "people enrol themselves" on public.training_enrolments for insert to authenticated
  with check (user_id = (select private.current_user_id()) and status = 'enrolled');
create policy "people withdraw" on public.training_enrolments for update to authenticated
  using (user_id = (select private.current_user_id()) and status = 'enrolled')
  with check (status = 'withdrawn');

create policy "public settings" on public.system_settings for select to anon, authenticated
  using (is_public);
create policy "active people see settings" on public.system_settings for select to authenticated
  using ((select private.current_user_id()) is not null);
create policy "admins keep settings" on public.system_settings for all to authenticated
  using ((select private.has_role('admin')));
create policy "admins keep their own settings" on public.admin_settings for all to authenticated
  using (user_id = (select private.current_user_id()) and (select private.has_role('admin')));
create policy "nothing for inactive people" on public.admin_settings as restrictive to authenticated
  using ((select private.current_user_id()) is not null);

-- Results have a function of their own: with a plain UPDATE people could grade themselves.
create function public.record_result(enrolment bigint, has_passed boolean, points numeric default null)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not private.has_role('admin', 'manager') then
    raise exception 'Only managers record results' using errcode = 'insufficient_privilege';
  end if;
  update public.training_enrolments
  set status = case when has_passed then 'passed' else 'failed' end::public.enrolment_status,
      score = points,
      completed_at = now()
  where id = enrolment;
  if not found then
    raise exception 'There is no enrolment %', enrolment using errcode = 'no_data_found';
  end if;
end;
$$;
revoke execute on function public.record_result(bigint, boolean, numeric) from public, anon;
grant execute on function public.record_result(bigint, boolean, numeric) to authenticated;
comment on function public.record_result(bigint, boolean, numeric) is 'For managers; dated now.';
