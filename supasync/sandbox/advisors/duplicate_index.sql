select format('Table `%s.%s` has identical indexes {%s}. Drop all except one of them', t.schema, t.name,
    string_agg(c.relname, ',' order by c.relname)) as detail,
  t.schema, t.name, 'table' as type,
  concat_ws('_', t.schema, t.name, string_agg(c.relname, ',' order by c.relname)) as key
from pg_catalog.pg_index as i
join relation as t on t.oid = i.indrelid
join pg_catalog.pg_class as c on c.oid = i.indexrelid
group by t.schema, t.name, i.indrelid, c.relam, i.indkey::text, i.indclass::text, i.indcollation::text,
  i.indoption::text, i.indisunique, pg_catalog.pg_get_expr(i.indexprs, i.indrelid),
  pg_catalog.pg_get_expr(i.indpred, i.indrelid)
having count(*) > 1
order by key
