create type p as (x int, y int);
create domain a as int[] check (array_length(value, 1) = 3);
create domain c as p check ((value).y > 0);
