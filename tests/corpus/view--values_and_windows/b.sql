create view v as values (1, 'a'), (3, 'c');
create view w as select x, sum(x) over (order by x rows between 1 preceding and current row) as n from generate_series(1, 9) x;
