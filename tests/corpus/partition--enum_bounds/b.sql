create type mood as enum ('low', 'high', 'higher');
create table p (m mood, v int) partition by list (m);
create table p_low partition of p for values in ('low');
create table p_high partition of p for values in ('high');
