create schema one;
create schema two;
create table two.p (id int primary key);
create table two.t (p int references two.p);
