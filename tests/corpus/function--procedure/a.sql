create procedure p(a int) language plpgsql as 'begin commit; end';
grant execute on procedure p to anon;
