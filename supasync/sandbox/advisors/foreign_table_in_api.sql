select format('Foreign table `%s.%s` is accessible over APIs', schema, name) as detail,
  schema, name, 'table' as type, concat_ws('_', schema, name) as key
from served where relkind = 'f'
order by key
