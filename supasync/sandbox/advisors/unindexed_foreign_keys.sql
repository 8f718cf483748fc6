select format('Table `%s.%s` has a foreign key `%s` without a covering index.', t.schema, t.name, f.conname)
    as detail,
  t.schema, t.name, 'table' as type, f.conname as fkey_name, f.conkey as fkey_columns,
  concat_ws('_', t.schema, t.name, f.conname) as key
from pg_catalog.pg_constraint as f join relation as t on t.oid = f.conrelid
where f.contype = 'f' and not exists (
  select from pg_catalog.pg_index as i
  where i.indrelid = f.conrelid and i.indisvalid and i.indpred is null
    -- the index begins with the key's columns, in any order
    and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)
order by key
