create aggregate least_of(int) (sfunc = int4smaller, stype = int, sortop = <);
create aggregate rows(*) (sfunc = int8inc, stype = int8, initcond = '0');
