select format('Table `%s.%s` has RLS policies but RLS is not enabled on the table. Policies include {%s}.',
    t.schema, t.name, string_agg(p.polname, ',' order by p.polname)) as detail,
  t.schema, t.name, 'table' as type, concat_ws('_', t.schema, t.name) as key
from relation as t join pg_catalog.pg_policy as p on p.polrelid = t.oid
where not t.relrowsecurity
group by t.schema, t.name
order by key
