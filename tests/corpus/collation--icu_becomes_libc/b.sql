create collation c (provider = libc, locale = 'POSIX');
do $$ begin if exists (select from pg_collation where collprovider = 'i') then
  drop collation c;
  execute $x$create collation c (provider = icu, locale = 'und')$x$;
end if; end $$;
create table t (a text collate c unique, b int);
