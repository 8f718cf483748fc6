select format('View `%s.%s` is defined with the SECURITY DEFINER property', schema, name) as detail,
  schema, name, 'view' as type, concat_ws('_', schema, name) as key
from served
where relkind = 'v' and not coalesce(lower(reloptions::text)::text[], '{}') && array[
  'security_invoker=1', 'security_invoker=true', 'security_invoker=yes', 'security_invoker=on']
order by key
