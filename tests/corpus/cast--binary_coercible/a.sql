create domain nothing as int;
create type a as (x int); create type b as (x int);
