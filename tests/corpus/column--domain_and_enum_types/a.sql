create type mood as enum ('low', 'high');
create domain age as int check (value > 0);
create table t (m mood default 'low', a age not null, ms mood[]);
