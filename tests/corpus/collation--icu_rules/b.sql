-- needs: 16
do $$ begin if exists (select from pg_collation where collprovider = 'i') then
  execute $x$create collation c (provider = icu, locale = 'und', rules = '&a < g')$x$;
end if; end $$;
