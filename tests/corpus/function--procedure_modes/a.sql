create procedure p(a int, inout b text) language plpgsql as 'begin b := a; end';
create procedure q(out o int) language sql begin atomic select 1; end;
