create schema one;
create schema two;
create table one.p (id int primary key);
create table two.t (p int references one.p);
