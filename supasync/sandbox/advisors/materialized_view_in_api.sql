select format('Materialized view `%s.%s` is selectable by anon or authenticated roles', schema, name)
    as detail,
  schema, name, 'view' as type, concat_ws('_', schema, name) as key
from served where relkind = 'm'
order by key
