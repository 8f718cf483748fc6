-- not every build knows ICU
do $$ begin if exists (select from pg_collation where collprovider = 'i') then
  execute $x$create collation german (provider = icu, locale = 'de-u-co-phonebk')$x$;
  execute $x$create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)$x$;
  execute $x$create table t (a text collate loose, b text collate german unique)$x$;
end if; end $$;
