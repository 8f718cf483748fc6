create domain a as int check (value > 0);
create domain b as a check (value < 9);
create table t (x b);
