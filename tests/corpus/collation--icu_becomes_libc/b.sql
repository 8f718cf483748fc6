do $$ begin
  create collation c (provider = icu, locale = 'und');
exception when feature_not_supported then  -- not every build knows ICU
  create collation c (provider = libc, locale = 'POSIX');
end $$;
create table t (a text collate c unique, b int);
