-- What every lint reads: relations and functions of schemas that are the user's and no extension's.
with ours as (
  select n.oid, n.nspname from pg_catalog.pg_namespace as n
  where n.nspname !~ '^pg_' and n.nspname not in (
    'information_schema', 'auth', 'cron', 'extensions', 'graphql', 'graphql_public', 'net',
    'pgbouncer', 'pgmq', 'pgsodium', 'pgsodium_masks', 'pgtle', 'realtime', 'storage',
    'supabase_functions', 'supabase_migrations', 'vault')
), extension_member as (
  select classid, objid from pg_catalog.pg_depend where deptype = 'e'
), relation as (
  select c.oid, n.nspname as schema, c.relname as name, c.relkind, c.relrowsecurity, c.reloptions
  from pg_catalog.pg_class as c join ours as n on n.oid = c.relnamespace
  where ('pg_catalog.pg_class'::regclass, c.oid) not in (select classid, objid from extension_member)
), served as (
  select * from relation
  where schema = 'public' and (
    pg_catalog.has_table_privilege('anon', oid, 'select')
    or pg_catalog.has_table_privilege('authenticated', oid, 'select'))
)
