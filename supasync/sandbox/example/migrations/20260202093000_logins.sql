-- Logins: every confirmed account of Supabase Auth belongs to a row of public.users.

create function public.handle_new_user() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- Only the server can write app metadata, so a role in it can be trusted.
  wanted_role constant public.crew_role := (
    select role
    from unnest(enum_range(null::public.crew_role)) as role
    where role::text = new.raw_app_meta_data ->> 'role'
  );
begin
  insert into public.users (auth_user_id, email, full_name, role)
  values (
    new.id,
    lower(new.email),
    coalesce(
      nullif(btrim(new.raw_user_meta_data ->> 'full_name'), ''),
      split_part(new.email, '@', 1)
    ),
    coalesce(wanted_role, 'crew')
  )
  on conflict (email) do update
    set auth_user_id = excluded.auth_user_id
    where users.auth_user_id is null;
  return new;
end;
$$;
revoke execute on function public.handle_new_user() from public, anon, authenticated;
comment on function public.handle_new_user() is
  'Links a confirmed account to the person with its e-mail address, or enters the person as new.';

-- Only confirmed addresses: otherwise anyone could sign up with a manager's address and be them.
create trigger on_auth_user_created
  after insert or update of email_confirmed_at on auth.users
  for each row when (new.email_confirmed_at is not null)
  execute function public.handle_new_user();

create function private.current_user_id() returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select id from public.users where auth_user_id = auth.uid() and is_active;
$$;
comment on function private.current_user_id() is 'The person who is logged in; null when inactive.';

create function private.has_role(variadic roles public.crew_role[]) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.users
    where auth_user_id = auth.uid() and is_active and role = any (roles)
  );
$$;
comment on function private.has_role(public.crew_role[]) is
  'For policies; security definer, since a policy on users that reads users would recurse.';

revoke execute on function private.current_user_id(), private.has_role(public.crew_role[]) from public;
grant execute on function private.current_user_id(), private.has_role(public.crew_role[])
  to authenticated, service_role;
