create schema one;
create schema two;
create table two.t (id serial primary key, n text unique);
