-- Empties the application's tables, so that a seed starts from nothing. Lives on branches only:
-- production has no such function, and `[seed] function` in config.toml keeps a sync from
-- dropping it.

create or replace function public.reseed_testing_environment() returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- TRUNCATE has no IF EXISTS: a table that this branch does not have is left out by to_regclass.
  own_tables constant text[] := array[
    'public.vessels', 'public.users', 'public.training_sessions', 'public.training_enrolments',
    'public.system_settings', 'public.admin_settings', 'private.audit_trail'
  ];
  doomed regclass[];
  doomed_table regclass;
  row_count bigint;
  emptied jsonb := '{}';
begin
  -- What refers to them goes with them, as TRUNCATE … CASCADE would do, but is named in the answer.
  with recursive reached (id) as (
    select to_regclass(name)::oid from unnest(own_tables) as name
    where to_regclass(name) is not null
    union
    select conrelid from pg_constraint join reached on confrelid = reached.id where contype = 'f'
  )
  select array_agg(id::regclass order by id::regclass::text) into doomed from reached;

  if doomed is null then
    return emptied;
  end if;
  foreach doomed_table in array doomed loop
    execute format('select count(*) from %s', doomed_table) into row_count;
    emptied := emptied || jsonb_build_object(doomed_table::text, row_count);
  end loop;
  execute format('truncate table %s restart identity', array_to_string(doomed, ', '));
  return emptied;
end;
$$;

comment on function public.reseed_testing_environment() is
  'Empties the application''s tables on a branch; returns {table: rows removed}.';
revoke execute on function public.reseed_testing_environment() from public, anon, authenticated;
grant execute on function public.reseed_testing_environment() to service_role;
