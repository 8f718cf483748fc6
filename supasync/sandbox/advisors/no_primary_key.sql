select format('Table `%s.%s` does not have a primary key', schema, name) as detail,
  schema, name, 'table' as type, concat_ws('_', schema, name) as key
from relation
where relkind in ('r', 'p') and not exists (
  select from pg_catalog.pg_index where indrelid = relation.oid and indisprimary)
order by key
