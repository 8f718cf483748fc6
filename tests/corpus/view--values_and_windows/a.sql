create view v as values (1, 'a'), (2, 'b');
create view w as select x, row_number() over (partition by x % 2 order by x desc) as n from generate_series(1, 9) x;
