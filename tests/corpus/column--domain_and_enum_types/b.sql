create type mood as enum ('low', 'high');
create domain age as int check (value > 0);
create table t (m text default 'low', a int not null, ms text[]);
