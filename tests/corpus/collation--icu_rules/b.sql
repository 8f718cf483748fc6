-- needs: 16
do $$ begin
  create collation c (provider = icu, locale = 'und', rules = '&a < g');
exception when feature_not_supported then  -- not every build knows ICU
end $$;
