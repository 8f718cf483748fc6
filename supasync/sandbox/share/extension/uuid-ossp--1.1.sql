-- The functions of uuid-ossp in SQL, for packages of PostgreSQL built without a UUID library.
-- Versions 1 are random in their node part as uuid_generate_v1mc is; no MAC address is shown.

create function uuid_nil() returns uuid immutable strict parallel safe language sql
as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;
create function uuid_ns_dns() returns uuid immutable strict parallel safe language sql
as $$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_ns_url() returns uuid immutable strict parallel safe language sql
as $$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_ns_oid() returns uuid immutable strict parallel safe language sql
as $$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_ns_x500() returns uuid immutable strict parallel safe language sql
as $$ select '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create function uuid_generate_v4() returns uuid volatile strict parallel safe language sql
as $$ select pg_catalog.gen_random_uuid() $$;

-- RFC 9562, 5.1: 100 ns since 1582-10-15; low, middle, high with version; then clock and node.
create function uuid_generate_v1mc() returns uuid volatile strict parallel safe language sql
as $$
  with clock as (
    select lpad(to_hex(
      (extract(epoch from clock_timestamp()) * 10000000)::bigint + 122192928000000000), 15, '0') as t,
      replace(pg_catalog.gen_random_uuid()::text, '-', '') as r
  )
  select (substr(t, 8, 8) || substr(t, 4, 4) || '1' || substr(t, 1, 3) || substr(r, 17, 16))::uuid
  from clock
$$;
create function uuid_generate_v1() returns uuid volatile strict parallel safe language sql
as $$
  with clock as (
    select lpad(to_hex(
      (extract(epoch from clock_timestamp()) * 10000000)::bigint + 122192928000000000), 15, '0') as t,
      replace(pg_catalog.gen_random_uuid()::text, '-', '') as r
  )
  select (substr(t, 8, 8) || substr(t, 4, 4) || '1' || substr(t, 1, 3) || substr(r, 17, 16))::uuid
  from clock
$$;

-- RFC 9562, 5.3: MD5 over namespace and name, then version and variant.
create function uuid_generate_v3(namespace uuid, name text) returns uuid
immutable strict parallel safe language sql
as $$
  with hash as (
    select decode(md5(decode(replace(namespace::text, '-', ''), 'hex')
      || convert_to(name, 'UTF8')), 'hex') as h
  )
  select encode(set_byte(set_byte(h, 6, get_byte(h, 6) & 15 | 48), 8, get_byte(h, 8) & 63 | 128),
    'hex')::uuid
  from hash
$$;

-- RFC 9562, 5.5: SHA-1, which PostgreSQL itself does not have; pgcrypto is found by its address.
create function uuid_generate_v5(namespace uuid, name text) returns uuid
immutable strict parallel safe language plpgsql
as $$
declare
  h bytea;
begin
  execute format('select substring(%s.digest($1, ''sha1'') from 1 for 16)', (
    select e.extnamespace::regnamespace from pg_catalog.pg_extension e where e.extname = 'pgcrypto'))
  into h
  using decode(replace(namespace::text, '-', ''), 'hex') || convert_to(name, 'UTF8');
  h := set_byte(set_byte(h, 6, get_byte(h, 6) & 15 | 80), 8, get_byte(h, 8) & 63 | 128);
  return encode(h, 'hex')::uuid;
end
$$;
