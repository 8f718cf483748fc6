select format('Table `%s.%s` is public, but RLS has not been enabled.', schema, name) as detail,
  schema, name, 'table' as type, concat_ws('_', schema, name) as key
from served
where relkind in ('r', 'p') and not relrowsecurity
order by key
