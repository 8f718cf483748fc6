-- What everything else stands on: a schema the API does not expose, extensions and types.

create schema private;
comment on schema private is 'Helpers and records that the Data API must not expose.';
grant usage on schema private to authenticated, service_role;

-- Tables made here later are for the server side only, without a grant each.
alter default privileges in schema private grant select on tables to service_role;

create extension if not exists pg_trgm with schema extensions;
create extension if not exists btree_gist with schema extensions;

create type public.crew_role as enum ('admin', 'manager', 'crew');
comment on type public.crew_role is 'admin runs the system, manager plans training, crew takes it.';

create type public.training_status as enum ('scheduled', 'running', 'completed', 'cancelled');
comment on type public.training_status is 'Where a training session stands.';

create type public.enrolment_status as enum ('enrolled', 'passed', 'failed', 'withdrawn');
comment on type public.enrolment_status is 'Where one person stands in one training session.';

create domain public.email_address as text
  constraint email_address_lower_case check (value = lower(value))
  constraint email_address_shape check (value ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$');
comment on domain public.email_address is 'An e-mail address in lower case, as Supabase Auth keeps it.';

create domain public.imo_number as integer
  constraint imo_number_seven_digits check (value between 1000000 and 9999999);
comment on domain public.imo_number is 'A ship''s permanent number, given by the IMO.';

create type public.emergency_contact as (full_name text, relation text, phone text);
comment on type public.emergency_contact is 'Whom to call ashore.';

create function private.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
comment on function private.touch_updated_at() is 'Keeps updated_at true; for BEFORE UPDATE triggers.';
