create domain a as int check (value > 1);
create domain b as a check (value < 10) default 5;
create table t (x b);
