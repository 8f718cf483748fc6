create table t(a int, id serial primary key, z text);
insert into t(a, z) values (1, 'one');
create table u(t int references t);
insert into u values (1);
