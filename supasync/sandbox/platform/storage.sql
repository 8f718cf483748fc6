-- Schema storage: the tables, and the functions that policies of applications call
-- (github.com/supabase/storage). The service itself is not part of the sandbox.

create schema storage;
grant all on schema storage to supabase_storage_admin, dashboard_user;
grant usage on schema storage to postgres with grant option;
grant usage on schema storage to anon, authenticated, service_role;

set role supabase_storage_admin;
set search_path = storage;

create type buckettype as enum ('STANDARD', 'ANALYTICS', 'VECTOR');

create table migrations (
  id integer primary key,
  name varchar(100) unique not null,
  hash varchar(40) not null,
  executed_at timestamp default current_timestamp
);

create table buckets (
  id text not null primary key,
  name text not null,
  owner uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  public boolean default false,
  avif_autodetection boolean default false,
  file_size_limit bigint,
  allowed_mime_types text[],
  owner_id text,
  type buckettype not null default 'STANDARD'
);
create unique index bname on buckets (name);
comment on column buckets.owner is 'Field is deprecated, use owner_id instead';

create table buckets_analytics (
  name text not null,
  type buckettype not null default 'ANALYTICS',
  format text not null default 'ICEBERG',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  id uuid not null default gen_random_uuid() primary key,
  deleted_at timestamptz
);
create unique index buckets_analytics_unique_name_idx on buckets_analytics (name)
  where deleted_at is null;

create table buckets_vectors (
  id text not null primary key,
  type buckettype not null default 'VECTOR',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table objects (
  id uuid not null default gen_random_uuid() primary key,
  bucket_id text constraint "objects_bucketId_fkey" references buckets,
  name text,
  owner uuid,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  last_accessed_at timestamptz default now(),
  metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  version text,
  owner_id text,
  user_metadata jsonb
);
create unique index bucketid_objname on objects (bucket_id, name);
create index name_prefix_search on objects (name text_pattern_ops);
create index idx_objects_bucket_id_name on objects (bucket_id, name collate "C");
comment on column objects.owner is 'Field is deprecated, use owner_id instead';

create table s3_multipart_uploads (
  id text not null primary key,
  in_progress_size bigint not null default 0,
  upload_signature text not null,
  bucket_id text not null references buckets,
  key text collate "C" not null,
  version text not null,
  owner_id text,
  created_at timestamptz not null default now(),
  user_metadata jsonb
);
create table s3_multipart_uploads_parts (
  id uuid not null default gen_random_uuid() primary key,
  upload_id text not null references s3_multipart_uploads on delete cascade,
  size bigint not null default 0,
  part_number integer not null,
  bucket_id text not null references buckets,
  key text collate "C" not null,
  etag text not null,
  owner_id text,
  version text not null,
  created_at timestamptz not null default now()
);

-- What policies call ----------------------------------------------------------------------------

create function foldername(name text) returns text[] language plpgsql immutable as $$
declare
  parts text[] := string_to_array(name, '/');
begin
  return parts[1 : array_length(parts, 1) - 1];
end
$$;
create function filename(name text) returns text language plpgsql immutable as $$
declare
  parts text[] := string_to_array(name, '/');
begin
  return parts[array_length(parts, 1)];
end
$$;
create function extension(name text) returns text language plpgsql immutable as $$
begin
  return reverse(split_part(reverse(storage.filename(name)), '.', 1));
end
$$;
create function operation() returns text language plpgsql stable as $$
begin
  return current_setting('storage.operation', true);
end
$$;

-- What keeps the tables right -------------------------------------------------------------------

create function update_updated_at_column() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;
create trigger update_objects_updated_at before update on objects
  for each row execute function update_updated_at_column();

create function enforce_bucket_name_length() returns trigger language plpgsql as $$
begin
  if length(new.name) > 100 then
    raise exception 'bucket name "%" is too long (% characters). Max is 100.',
      new.name, length(new.name);
  end if;
  return new;
end
$$;
create trigger enforce_bucket_name_length_trigger before insert or update of name on buckets
  for each row execute function enforce_bucket_name_length();

create function protect_delete() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' then
    raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
      using errcode = '42501', hint = 'This prevents accidental data loss from orphaned objects.';
  end if;
  return null;
end
$$;
create trigger protect_buckets_delete before delete on buckets
  for each statement execute function protect_delete();
create trigger protect_objects_delete before delete on objects
  for each statement execute function protect_delete();

do $$
declare
  name text;
begin
  foreach name in array array[
    'migrations', 'buckets', 'buckets_analytics', 'buckets_vectors', 'objects',
    's3_multipart_uploads', 's3_multipart_uploads_parts']
  loop
    execute format('alter table storage.%I enable row level security', name);
  end loop;
end
$$;
grant all on buckets, objects to postgres with grant option;
grant all on migrations to postgres;
grant all on buckets, objects, buckets_analytics to anon, authenticated, service_role;
grant select on buckets_vectors, s3_multipart_uploads, s3_multipart_uploads_parts
  to anon, authenticated;
grant select on buckets_vectors to service_role;
grant all on s3_multipart_uploads, s3_multipart_uploads_parts to service_role;

reset search_path;
reset role;
