create schema one;
create schema two;
create table one.t (id serial primary key, n text unique);
