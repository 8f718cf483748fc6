select format('Extension `%s` is installed in the public schema. Move it to another schema.', extname)
    as detail,
  'public' as schema, extname as name, 'extension' as type, extname as key
from pg_catalog.pg_extension where extnamespace = 'public'::regnamespace
order by key
