create domain x as text check (value = 'a');
create table t (a x);
