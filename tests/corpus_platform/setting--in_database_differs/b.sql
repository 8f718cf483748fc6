do $$ begin
  execute format('alter database %I set work_mem = ''16MB''', current_database());
  execute format('alter role anon in database %I set statement_timeout = ''2s''', current_database());
end $$;
