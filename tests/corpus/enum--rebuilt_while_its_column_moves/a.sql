create type mood as enum ('low', 'high');
create table crew (id int primary key, ship bigint, mood mood default 'low');
insert into crew values (1, 2, 'high');
