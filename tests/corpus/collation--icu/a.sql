do $$ begin
  create collation german (provider = icu, locale = 'de-u-co-phonebk');
  create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  create table t (a text collate loose, b text collate german unique);
exception when feature_not_supported then  -- not every build knows ICU
end $$;
