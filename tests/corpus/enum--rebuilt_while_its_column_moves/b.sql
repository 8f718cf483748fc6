create type mood as enum ('high', 'low');
create table crew (ship bigint, id int primary key, mood mood, tags text[]);
