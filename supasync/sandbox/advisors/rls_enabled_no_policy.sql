select format('Table `%s.%s` has RLS enabled, but no policies exist', schema, name) as detail,
  schema, name, 'table' as type, concat_ws('_', schema, name) as key
from relation
where relkind in ('r', 'p') and relrowsecurity
  and not exists (select from pg_catalog.pg_policy where polrelid = relation.oid)
order by key
