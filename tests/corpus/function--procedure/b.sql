create procedure p(a int, inout b text) language plpgsql as 'begin rollback; end';
comment on procedure p is 'p';
