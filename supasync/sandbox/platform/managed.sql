-- What postgres may do to the platform's own tables: policies and triggers, nothing else.
--
-- On the platform the extension supautils lends postgres the owner's rights for exactly these
-- statements; no package of PostgreSQL has it. Here postgres has the owners' rights by membership,
-- and an event trigger refuses every other change. Seen from outside this differs in that
--   * pg_auth_members shows the three memberships,
--   * GRANT on these tables is recorded with the owner as grantor, not postgres,
--   * PostgreSQL 15 cannot grant a membership without SET ROLE, so there postgres may become them,
--   * DROP TRIGGER and DROP POLICY lock their own table only, not all the managed ones.

do $$
declare
  options text := case
    when current_setting('server_version_num')::int >= 160000 then 'with inherit true, set false'
    else ''
  end;
begin
  execute 'grant supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin to postgres '
    || options;
end
$$;

create function extensions.refuse_managed_ddl() returns event_trigger
language plpgsql set search_path = pg_catalog as $$
declare
  managed constant text := '^(auth|storage|realtime)\.';
  changed record;
begin
  -- The owners, and superusers, are the platform itself.
  if exists (
    select from pg_roles
    where rolname = current_user and (rolsuper or rolname like 'supabase\_%\_admin')
  ) then
    return;
  end if;
  if tg_event = 'sql_drop' then
    for changed in
      select * from pg_event_trigger_dropped_objects()
      where object_type not in ('policy', 'trigger') and object_identity ~ managed
    loop
      raise insufficient_privilege
        using message = format('must be owner of %s %s', changed.object_type, changed.object_identity);
    end loop;
    return;
  end if;
  for changed in select * from pg_event_trigger_ddl_commands() loop
    if changed.object_type in ('policy', 'trigger') then
      continue when changed.command_tag <> 'COMMENT';
      continue when changed.object_identity !~ ' on (auth|storage|realtime)\.';
    else
      continue when changed.object_identity is null or changed.object_identity !~ managed;
    end if;
    raise insufficient_privilege
      using message = format('must be owner of %s %s', changed.object_type, changed.object_identity);
  end loop;
end
$$;
revoke all on function extensions.refuse_managed_ddl() from postgres;

create event trigger sandbox_refuse_managed_ddl on ddl_command_end
  execute function extensions.refuse_managed_ddl();
create event trigger sandbox_refuse_managed_drop on sql_drop
  execute function extensions.refuse_managed_ddl();
