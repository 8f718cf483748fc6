create function f() returns trigger language plpgsql security definer cost 5 set search_path to 'public', 'pg_temp' as $x$ begin
  -- $$ \ ' it's
  return new; end $x$;
alter function f() owner to authenticated;
