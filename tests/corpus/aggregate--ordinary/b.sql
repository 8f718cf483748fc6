create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
comment on aggregate total(int) is 'adds up';
grant execute on function total(int) to anon;
revoke execute on function total(int) from public;
