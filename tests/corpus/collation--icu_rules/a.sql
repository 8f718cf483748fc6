-- needs: 16
-- not every build knows ICU
do $$ begin if exists (select from pg_collation where collprovider = 'i') then
  execute $x$create collation c (provider = icu, locale = 'und', rules = '&V << w <<< W')$x$;
end if; end $$;
