create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '5', combinefunc = int4pl, parallel = safe);
create view v as select total(x) as n from generate_series(1, 3) x;
