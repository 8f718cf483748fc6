create type mood as enum ('a', 'b', 'c');
create domain pos as int check (value > 0);
create type moods as range (subtype = mood);
create type poss as range (subtype = pos);
create table t (id int primary key, m moods, p poss);
insert into t values (1, '[a,c]', '[1,2]');
