-- Settings: of the system as a whole, and of each administrator.

create table public.system_settings (
  key text primary key,
  value jsonb not null,
  category text generated always as (split_part(key, '.', 1)) stored,
  is_public boolean not null default false,
  description text,
  updated_by uuid references public.users (id) on update cascade on delete set null,
  updated_at timestamptz not null default now(),
  constraint system_settings_key_shape check (key ~ '^[a-z_]+([.][a-z_]+)+$')
);
comment on table public.system_settings is 'One value per key; read by the app at start.';
comment on column public.system_settings.is_public is 'Readable before login.';

create index system_settings_category_idx on public.system_settings (category);
create index system_settings_value_idx on public.system_settings using gin (value jsonb_path_ops);

create table public.admin_settings (
  id serial primary key,
  user_id uuid not null references public.users (id) on update cascade on delete cascade,
  key text not null,
  value jsonb not null default 'null',
  updated_at timestamptz not null default now(),
  unique (user_id, key)
);
comment on table public.admin_settings is 'How each administrator wants the back office to behave.';

create trigger system_settings_touch_updated_at
  before update on public.system_settings
  for each row execute function private.touch_updated_at();
create trigger admin_settings_touch_updated_at
  before update on public.admin_settings
  for each row execute function private.touch_updated_at();

create function public.setting(setting_key text, fallback jsonb default null) returns jsonb
language sql
stable
set search_path = ''
begin atomic
  select coalesce((select s.value from public.system_settings s where s.key = setting_key), fallback);
end;
comment on function public.setting(text, jsonb) is
  'A system setting, or the fallback; the caller''s row level security decides what it sees.';
