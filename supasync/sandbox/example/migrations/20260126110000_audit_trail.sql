-- Who changed what: an append-only record that no API role can write.

create table private.audit_trail (
  id bigserial primary key,
  happened_at timestamptz not null default now(),
  actor uuid default auth.uid(),
  action text not null check (action in ('INSERT', 'UPDATE', 'DELETE')),
  table_name text not null,
  old_row jsonb,
  new_row jsonb
);
comment on table private.audit_trail is 'Every change of a watched row, before and after.';
comment on column private.audit_trail.actor is 'The login that did it; null for server-side work.';

create index audit_trail_table_time_idx on private.audit_trail (table_name, happened_at desc);

create function private.write_audit_trail() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  before_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  after_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  -- An update that only moved updated_at is no change.
  if before_row - 'updated_at' is distinct from after_row - 'updated_at' then
    insert into private.audit_trail (action, table_name, old_row, new_row)
    values (tg_op, tg_table_schema || '.' || tg_table_name, before_row, after_row);
  end if;
  return null;
end;
$$;
revoke execute on function private.write_audit_trail() from public;
comment on function private.write_audit_trail() is
  'Security definer: the record is written whatever the writer may see.';

create trigger users_audit
  after insert or update or delete on public.users
  for each row execute function private.write_audit_trail();
create trigger system_settings_audit
  after insert or update or delete on public.system_settings
  for each row execute function private.write_audit_trail();
create trigger admin_settings_audit
  after update of value or delete on public.admin_settings
  for each row execute function private.write_audit_trail();
comment on trigger users_audit on public.users is 'Required for role changes.';
