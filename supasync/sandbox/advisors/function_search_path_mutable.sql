select format('Function `%s.%s` has a role mutable search_path', n.nspname, f.proname) as detail,
  n.nspname as schema, f.proname as name, 'function' as type,
  concat_ws('_', n.nspname, f.proname,
    md5(pg_catalog.pg_get_function_identity_arguments(f.oid))) as key
from pg_catalog.pg_proc as f join ours as n on n.oid = f.pronamespace
where ('pg_catalog.pg_proc'::regclass, f.oid) not in (select classid, objid from extension_member)
  and not exists (
    select from unnest(f.proconfig) as setting where starts_with(setting, 'search_path='))
order by key
