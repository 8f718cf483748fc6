create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
create view v as select total(x) as n from generate_series(1, 3) x;
create view w as select n + 1 as more from v;
