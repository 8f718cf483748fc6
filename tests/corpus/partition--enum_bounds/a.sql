create type mood as enum ('low', 'high');
create table p (m mood, v int) partition by list (m);
create table p_low partition of p for values in ('low');
