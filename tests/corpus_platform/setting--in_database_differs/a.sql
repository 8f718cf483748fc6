do $$ begin
  execute format('alter database %I set work_mem = ''8MB''', current_database());
  execute format('alter role anon in database %I set statement_timeout = ''1s''', current_database());
end $$;
