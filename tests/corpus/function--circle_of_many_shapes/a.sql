create function a(k int, out x int, out y text, variadic z text[] default '{}') language sql as $$select 1, 'a'$$;
create function "B"(p numeric(5,2), q text default 'q') returns table (r int, s text) language sql as $$select 1, 'a'$$;
create procedure c(inout n int) language sql as 'select 1';
create or replace function a(k int, out x int, out y text, variadic z text[] default '{}') language sql stable
  begin atomic select r, s from "B"(k); end;
create or replace function "B"(p numeric(5,2), q text default 'q') returns table (r int, s text) language sql security definer set work_mem = '8MB'
  begin atomic select a.x, a.y from a(1); select 1, 'x' as text; end;
create or replace procedure c(inout n int) language sql begin atomic select x from a(1); end;
comment on function "B"(numeric, text) is 'b'; revoke all on function a(int, text[]) from public;
grant execute on function a(int, text[]) to anon;
