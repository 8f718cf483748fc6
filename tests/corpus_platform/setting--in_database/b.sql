create role "odd %I %s";
do $$ begin
  execute format('alter role "odd %%I %%s" in database %I set work_mem = ''8MB''', current_database());
  execute format('alter database %I set search_path = public, extensions, "x y"', current_database());
  execute format('alter database %I set timezone = ''Europe/Berlin''', current_database());
end $$;
