create type mood as enum ('Ünï', 'a b', 'A"b');
create table t (id int primary key, m mood, ms mood[] default '{"a b"}');
