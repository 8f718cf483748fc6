create procedure p(a int, inout b text, c int default 3) language plpgsql security definer as 'begin b := c; end';
create procedure q(out o int) language sql begin atomic select 2; select 3; end;
grant execute on procedure q(out int) to anon; alter procedure q owner to authenticated;
