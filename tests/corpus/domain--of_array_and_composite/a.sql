create type p as (x int, y int);
create domain a as int[] check (array_length(value, 1) = 2);
create domain c as p check ((value).x > 0);
